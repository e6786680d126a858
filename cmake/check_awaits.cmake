# Looks in FILES for `c ? a() : b()` and for std::vector{a(), b()} among what is awaited, and fails with the place.
#
# g++ 12 destroys the temporaries of both arms, whichever was made: the process ends, without a word from the
# compiler, and no type of ours can see it. Whatever stands in the parentheses of other calls is left alone,
# arms that are names too: co_await sleep(fast ? 1s : 24h), co_await (first ? one : other).
#
# A list in braces makes an array, which it cannot keep there: "array used as initializer" is all that it says.

set(open "`")  # stands for a "(" between which and co_await is nothing but names of ours
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
