# `cmake --install` of a build that has made only a part: the rest is made first; what cannot be made leaves
# nothing installed.

function(installed more status_wanted)
  file(REMOVE_RECURSE ${WORK})
  execute_process(COMMAND ${CMAKE_COMMAND} -S ${SOURCE} -B ${WORK}/build -G ${GENERATOR} -D MORE=${more}
    -D CMAKE_CXX_COMPILER=${COMPILER} RESULT_VARIABLE status OUTPUT_QUIET)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "configuring failed")
  endif()
  execute_process(COMMAND ${CMAKE_COMMAND} --build ${WORK}/build --target first OUTPUT_QUIET)
  execute_process(COMMAND ${CMAKE_COMMAND} --install ${WORK}/build --prefix ${WORK}/prefix
    RESULT_VARIABLE status OUTPUT_VARIABLE out ERROR_VARIABLE out)
  file(GLOB_RECURSE found RELATIVE ${WORK}/prefix ${WORK}/prefix/*)
  list(JOIN found " " found)
  if(NOT "${status}: ${found}" MATCHES "${status_wanted}")
    message(FATAL_ERROR "wanted ${status_wanted}, came ${status}: ${found}\n${out}")
  endif()
endfunction()

installed("" "^0: bin/second lib[^ ]*/libfirst.a$")
installed("wrong" "^1: $")
