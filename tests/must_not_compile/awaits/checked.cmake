# fine.cpp is let through, each of the others is refused.
file(GLOB refused ${CMAKE_CURRENT_LIST_DIR}/refused_*.cpp)
list(APPEND refused ${CMAKE_CURRENT_LIST_DIR}/fine.cpp)
foreach(file IN LISTS refused)
  execute_process(COMMAND ${CMAKE_COMMAND} -D FILES=${file} -P ${CHECK}
    RESULT_VARIABLE status ERROR_VARIABLE said OUTPUT_QUIET)
  if(file MATCHES "fine.cpp$")
    if(NOT status EQUAL 0)
      message(SEND_ERROR "${file} was refused:\n${said}")
    endif()
  elseif(status EQUAL 0 OR NOT said MATCHES "Name the call on the line before|Fill the vector")
    message(SEND_ERROR "${file} was let through:\n${said}")
  endif()
endforeach()
