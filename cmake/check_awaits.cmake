# Searches FILES for `c ? a() : b()` and std::vector{a(), b()} in awaited expressions, and fails with the
# place.
#
# g++ 12 destroys the temporaries of both arms, although only one was made: the process crashes, the compiler
# does not warn, and no type of ours can detect it. Arguments of other calls are not checked, nor arms
# that are names: co_await sleep(fast ? 1s : 24h), co_await (first ? one : other).
#
# A list in braces makes an array, which g++ cannot keep there; it only says "array used as initializer".

set(open "`")  # stands for a "(" that only our own names separate from co_await
set(found FALSE)
foreach(file IN LISTS FILES)
  file(READ ${file} text)
  string(REGEX REPLACE "\"([^\"\\\n]|\\\\.)*\"" "\"\"" text "${text}")
  string(REGEX REPLACE "//[^\n]*" "" text "${text}")
  string(REGEX REPLACE "[ \t\n]+" " " text "${text}")
  if(text MATCHES "co_await[^;{}]*[^;{}a-z_]vector ?(<[^;{}]*>)? ?{ ?[^} ][^;{}]*")
    message(SEND_ERROR "reprise: ${file}: ${CMAKE_MATCH_0}\n"
      "g++ 12 takes no list in braces inside co_await. "
      "Fill the vector on the line before: std::vector calls{a(), b()}; co_await all(std::move(calls)); "
      "or give what it holds as it is: co_await all(a(), b());")
  endif()
  set(before "")
  while(NOT text STREQUAL before)
    set(before "${text}")
    string(REGEX REPLACE "((co_await|${open}) ?(reprise::attempt|attempt|reprise::all|all|reprise::race|race|reprise::begin|begin|std::move)?)\\("
      "\\1${open}" text "${text}")
  endwhile()
  set(before "")
  while(NOT text STREQUAL before)
    set(before "${text}")
    string(REGEX REPLACE "\\([^()${open}]*\\)" "@" text "${text}")
    string(REGEX REPLACE "${open}[^()?${open}]*\\)" "@" text "${text}")
  endwhile()
  if(text MATCHES "co_await ?[a-z_:]*${open}[^;{}]*[?][^;{}]*@[^;{}]*")
    string(REPLACE "${open}" "(" place "${CMAKE_MATCH_0}")
    string(REPLACE "@" "(...)" place "${place}")
    message(SEND_ERROR "reprise: ${file}: ${place}\n"
      "g++ 12 destroys both arms of ?: inside co_await, the one that was not made too, and the process ends. "
      "Name the call on the line before: auto next = c ? a() : b(); co_await next;")
  endif()
endforeach()
