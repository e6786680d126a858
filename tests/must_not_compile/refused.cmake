# Compiles SOURCE, of which the first line is "// refused: words", "// refused by GNU: words" or
# "// compiles".
file(STRINGS ${SOURCE} first LIMIT_COUNT 1)
if(first MATCHES "^// refused by (.+): " AND NOT CMAKE_MATCH_1 STREQUAL ID)
  message(STATUS "${ID} does not see this one")
  return()
endif()
string(REPLACE "," ";" includes "${INCLUDES}")
list(TRANSFORM includes PREPEND "-I")
execute_process(
  COMMAND ${COMPILER} -std=c++20 -fsyntax-only -Wall -Wextra -Werror=unused-result ${includes}
          -isystem ${GENERATED} ${SOURCE}
  RESULT_VARIABLE status OUTPUT_VARIABLE out ERROR_VARIABLE out)
if(first STREQUAL "// compiles")
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "${SOURCE} must compile:\n${out}")
  endif()
elseif(first MATCHES "^// refused[^:]*: (.+)$")
  set(words "${CMAKE_MATCH_1}")
  string(FIND "${out}" "${words}" at)
  if(status EQUAL 0)
    message(FATAL_ERROR "${SOURCE} compiles; it must be refused with: ${words}")
  elseif(at EQUAL -1)
    message(FATAL_ERROR "${SOURCE} is refused, but not with our words: ${words}\n${out}")
  endif()
else()
  message(FATAL_ERROR "${SOURCE}: the first line says neither '// compiles' nor '// refused: words'")
endif()
