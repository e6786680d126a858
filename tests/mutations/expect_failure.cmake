# Runs the tests of a program with one rule broken and expects them to fail. Quick suites first: one that
# notices is enough.
foreach(suites !@sweep:!@random @sweep @random)
  execute_process(
    COMMAND ${PROGRAM} --color_output=no --run_test=${suites}
    RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output TIMEOUT 600)
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
