# Installed with the package, so that users compile their schemas like ours.

# reprise_schema(TARGET file.capnp...): generates C++ at build time. Include it by the schema's path from the
# project's root: #include "persistence/records.capnp.h".
function(reprise_schema target)
  foreach(schema ${ARGN})
    file(RELATIVE_PATH relative ${PROJECT_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR}/${schema})
    set(generated ${PROJECT_BINARY_DIR}/generated/${relative})
    add_custom_command(
      OUTPUT ${generated}.c++ ${generated}.h
      COMMAND ${CMAKE_COMMAND} -E make_directory ${PROJECT_BINARY_DIR}/generated
      COMMAND ${CAPNP_EXECUTABLE} compile -oc++:${PROJECT_BINARY_DIR}/generated
              --src-prefix=${PROJECT_SOURCE_DIR} -I${PROJECT_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR}/${schema}
      DEPENDS ${schema} VERBATIM)
    target_sources(${target} PRIVATE ${generated}.c++ ${generated}.h)
  endforeach()
  target_include_directories(${target} SYSTEM PUBLIC $<BUILD_INTERFACE:${PROJECT_BINARY_DIR}/generated>)
  target_link_libraries(${target} PUBLIC CapnProto::capnp)
endfunction()
