# reprise_check(TARGET): checks the target's sources, before they are built, for code that g++ miscompiles
# silently (see check_awaits.cmake). Does nothing with other compilers.
set(reprise_check_folder ${CMAKE_CURRENT_LIST_DIR})
function(reprise_check target)
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    return()
  endif()
  get_target_property(sources ${target} SOURCES)
  get_target_property(folder ${target} SOURCE_DIR)
  list(FILTER sources INCLUDE REGEX "^[^$]*\\.(cpp|cc|cxx|hpp|h)$")
  set(files)
  foreach(source IN LISTS sources)
    cmake_path(ABSOLUTE_PATH source BASE_DIRECTORY ${folder})
    list(APPEND files ${source})
  endforeach()
  set(stamp ${CMAKE_CURRENT_BINARY_DIR}/${target}.checked)
  add_custom_command(OUTPUT ${stamp}
    COMMAND ${CMAKE_COMMAND} "-DFILES=${files}" -P ${reprise_check_folder}/check_awaits.cmake
    COMMAND ${CMAKE_COMMAND} -E touch ${stamp}
    DEPENDS ${files} ${reprise_check_folder}/check_awaits.cmake
    COMMENT "Checking what ${target} awaits" VERBATIM)
  add_custom_target(${target}_checked DEPENDS ${stamp})
  add_dependencies(${target} ${target}_checked)
endfunction()
