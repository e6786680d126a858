# Looks in FILES for `c ? a() : b()` among what is awaited, and fails with its place.
#
# g++ 12 destroys the temporaries of both arms, whichever was made: the process ends, without a word from the
# compiler, and no type of ours can see it. Whatever stands in the parentheses of other calls is left alone,
# arms that are names too: co_await sleep(fast ? 1s : 24h), co_await (first ? one : other).

set(open "`")  # stands for a "(" between which and co_await is nothing but names of ours
set(found FALSE)
foreach(file IN LISTS FILES)
  file(READ ${file} text)
  string(REGEX REPLACE "\"([^\"\\\n]|\\\\.)*\"" "\"\"" text "${text}")
  string(REGEX REPLACE "//[^\n]*" "" text "${text}")
  string(REGEX REPLACE "[ \t\n]+" " " text "${text}")
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
