# Builds runtime_tests with one rule broken and expects them to fail. A build that fails is an error:
# a mutation that does not compile proves nothing. Quick suites first: one that notices is enough.
execute_process(
  COMMAND ${CMAKE_COMMAND} -S ${SOURCE} -B ${BUILD} -G Ninja -DREPRISE_MUTATION=${MUTATION}
          -DCMAKE_CXX_COMPILER=${COMPILER}
  OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
execute_process(
  COMMAND ${CMAKE_COMMAND} --build ${BUILD} --target runtime_tests COMMAND_ERROR_IS_FATAL ANY)

foreach(suites !@sweep:!@random @sweep @random)
  execute_process(
    COMMAND ${BUILD}/bin/runtime_tests --color_output=no --run_test=${suites}
    RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output TIMEOUT 600)
  if(NOT result EQUAL 0)
    string(REGEX MATCHALL "[^\n]*(error: in|fatal error)[^\n]*" errors "${output}")
    list(LENGTH errors count)
    list(SUBLIST errors 0 3 first)
    list(JOIN first "\n  " first)
    message(STATUS "${MUTATION}: noticed (${suites}), status ${result}, ${count} errors, the first:\n  ${first}")
    return()
  endif()
endforeach()
message(FATAL_ERROR "${MUTATION}: no test noticed that the rule is broken")
