# Installs the public headers (`rows`: public_headers.cmake) to `destination` below the prefix, and every header
# of ours that they include to detail/ there. An installed header includes others as <reprise/detail/PATH>: the
# names of our folders ("actors/...") then cannot meet those of a user's. Headers that are generated from a
# schema come from `generated`, with the schema. `staging` keeps what was written, so that a header that did
# not change keeps its time.
cmake_policy(VERSION 3.25)  # an install script has none

# Installs `text` as `header`.
function(install_text header text)
  file(WRITE ${staging}/written "${text}")
  cmake_path(GET header PARENT_PATH folder)
  file(MAKE_DIRECTORY ${staging}/${folder})
  file(COPY_FILE ${staging}/written ${staging}/${header} ONLY_IF_DIFFERENT)
  file(INSTALL ${staging}/${header} DESTINATION ${CMAKE_INSTALL_PREFIX}/${destination}/${folder})
endfunction()

set(ahead)
foreach(row IN LISTS rows)
  string(REGEX MATCH "^([^ ]+) (.+)$" row "${row}")
  list(APPEND ahead ${CMAKE_MATCH_2})
  install_text(${CMAKE_MATCH_1} "#include <reprise/detail/${CMAKE_MATCH_2}>\n")
endforeach()

set(found)
while(ahead)
  list(POP_FRONT ahead header)
  if(header IN_LIST found)
    continue()
  endif()
  list(APPEND found ${header})
  if(header MATCHES "\\.capnp\\.h$")
    string(REGEX REPLACE "\\.h$" "" schema ${header})
    cmake_path(GET header PARENT_PATH folder)
    file(INSTALL ${generated}/${header} ${source}/${schema}
      DESTINATION ${CMAKE_INSTALL_PREFIX}/${destination}/detail/${folder})
    continue()
  endif()
  file(STRINGS ${source}/${header} lines REGEX "^#include \"")
  foreach(line IN LISTS lines)
    string(REGEX REPLACE "^#include \"([^\"]+)\".*" "\\1" included "${line}")
    if(NOT EXISTS ${source}/${included} AND NOT EXISTS ${generated}/${included})
      message(FATAL_ERROR "${header} includes ${included}, which cannot be installed")
    endif()
    list(APPEND ahead ${included})
  endforeach()
  file(READ ${source}/${header} text)
  string(REGEX REPLACE "(^|\n)#include \"([^\"\n]+)\"" "\\1#include <reprise/detail/\\2>" text "${text}")
  install_text(detail/${header} "${text}")
endwhile()
