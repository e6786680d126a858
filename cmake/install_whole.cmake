# reprise_install_whole(TARGETS...): makes `cmake --install` build these targets first if one is missing.
# Without it, installing stops at the first missing file and leaves half a prefix; `./dev run` builds less
# than what is installed. Call it before the first install() that it guards: rules run in order.
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
