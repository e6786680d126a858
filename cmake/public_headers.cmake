# What users include, and the header of the tree that it stands for: <reprise/node.hpp> is runtime/node.hpp.
# The build has a folder with these names, so that examples and documents write what users write; the install
# reads the same table, and so does tests/tidy/rooms.py.
set(reprise_public_headers
  "contract.hpp actors/contract.hpp"
  "reprise.hpp actors/reprise.hpp"
  "node.hpp runtime/node.hpp"
  "testing.hpp runtime/world.hpp"
  "replay.hpp runtime/replay.hpp"
  "crash.hpp runtime/crash.hpp"
  "main.hpp gateway/main.hpp"
  "module.hpp gateway/module.hpp"
  "http.hpp gateway/calls/http.hpp")

foreach(row IN LISTS reprise_public_headers)
  string(REGEX MATCH "^([^ ]+) (.+)$" row "${row}")
  file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/include/reprise/${CMAKE_MATCH_1}
    CONTENT "#include \"${CMAKE_MATCH_2}\"\n" @ONLY)
endforeach()
