# compiled(FILE options...): compiles it as a user's file; sets `status` and `out`, all that was said.
function(compiled file)
  string(REPLACE "," ";" includes "${INCLUDES}")
  list(TRANSFORM includes PREPEND "-I")
  execute_process(
    COMMAND ${COMPILER} -std=c++20 -Wall -Wextra -Werror=unused-result ${ARGN} ${includes}
            -isystem ${GENERATED} ${file}
    RESULT_VARIABLE status OUTPUT_VARIABLE out ERROR_VARIABLE out)
  set(status ${status} PARENT_SCOPE)
  set(out "${out}" PARENT_SCOPE)
endfunction()
