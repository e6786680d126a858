# reprise_install_whole(TARGETS...): `cmake --install` of a build that has not made all of these yet makes
# them first. Installing stops at the first file that is not there and leaves half a prefix; who has run
# `./dev run` has built less than what is installed. To be called before the first install() of what it
# guards: rules are carried out in their order.
function(reprise_install_whole)
  set(files)
  foreach(target IN LISTS ARGN)
    get_target_property(type ${target} TYPE)
    if(NOT type STREQUAL "INTERFACE_LIBRARY")
      string(APPEND files " [[$<TARGET_FILE:${target}>]]")
    endif()
  endforeach()
  list(JOIN ARGN " " targets)
  install(CODE "
foreach(file${files})
  if(NOT EXISTS \${file})
    message(STATUS \"Not built yet: \${file}; building what is installed\")
    execute_process(COMMAND [[${CMAKE_COMMAND}]] --build [[${PROJECT_BINARY_DIR}]]
      --config \"\${CMAKE_INSTALL_CONFIG_NAME}\" --target ${targets} RESULT_VARIABLE failed)
    if(failed)
      message(FATAL_ERROR \"reprise: nothing was installed: the build of what is installed failed (above). \"
        \"Mend it and build first: cmake --build ${PROJECT_BINARY_DIR}\")
    endif()
    break()
  endif()
endforeach()")
endfunction()
