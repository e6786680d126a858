# Runs the tests of a program with one rule broken and expects them to fail, suite by suite, the slow ones
# last: one that notices is enough.
execute_process(COMMAND ${PROGRAM} --list_content OUTPUT_VARIABLE content ERROR_VARIABLE content)
string(REGEX MATCHALL "(^|\n)[a-z_]+" suites "${content}")
list(TRANSFORM suites STRIP)
list(TRANSFORM suites APPEND ":!@sweep:!@random:!@large:!@year")
foreach(suites IN LISTS suites ITEMS @large @sweep @random)
  execute_process(
    COMMAND ${PROGRAM} --color_output=no --run_test=${suites}
    RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output TIMEOUT 600)
  if(output MATCHES "no test cases matching filter")
    continue()  # all of this suite is slow
  endif()
  if(NOT result EQUAL 0)
    string(REGEX MATCHALL "[^\n]*(error: in|fatal error)[^\n]*" errors "${output}")
    list(LENGTH errors count)
    if(count EQUAL 0)
      message(FATAL_ERROR "${PROGRAM}: it ended with ${result}, and no test said why:\n${output}")
    endif()
    list(SUBLIST errors 0 3 first)
    list(JOIN first "\n  " first)
    message(STATUS "noticed (${suites}), status ${result}, ${count} errors, the first:\n  ${first}")
    return()
  endif()
endforeach()
message(FATAL_ERROR "${PROGRAM}: no test noticed that the rule is broken")
