# Lanes: the CTest properties of a test, read from the table tests/lanes.

file(STRINGS ${CMAKE_CURRENT_LIST_DIR}/../tests/lanes reprise_lane_rows REGEX "^[a-z]")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/../tests/lanes)

# reprise_lane_test(NAME lane COMMAND ...): adds a CTest test in a lane of tests/lanes. The lane gives its
# label (and `long` if the table says so), its time limit, and REPRISE_SECONDS for random tests. The tests
# that may take longest start first, so that the run does not end waiting for one of them.
function(reprise_lane_test name lane)
  foreach(row IN LISTS reprise_lane_rows)
    if(row MATCHES "^${lane} +([0-9]+) +([0-9]+) +([a-z]+)")
      set(seconds ${CMAKE_MATCH_1})
      set(limit ${CMAKE_MATCH_2})
      set(labels ${lane})
      if(CMAKE_MATCH_3 STREQUAL "long")
        list(APPEND labels long)
      endif()
    endif()
  endforeach()
  if(NOT DEFINED limit)
    message(FATAL_ERROR "test ${name}: there is no lane '${lane}' in tests/lanes")
  endif()
  # Sanitizers cost a factor of three to ten.
  if(REPRISE_SANITIZE)
    math(EXPR limit "${limit} * 4")
  endif()
  set_property(GLOBAL APPEND PROPERTY reprise_random_seconds ${seconds})
  add_test(NAME ${name} ${ARGN})
  set_tests_properties(${name} PROPERTIES
    LABELS "${labels}" TIMEOUT ${limit} COST ${limit} ENVIRONMENT "REPRISE_SECONDS=${seconds}")
endfunction()

# reprise_check_budget(SECONDS): fails if the random tests of all lanes of this build exceed SECONDS of
# one CPU.
function(reprise_check_budget most)
  get_property(all GLOBAL PROPERTY reprise_random_seconds)
  set(sum 0)
  foreach(one IN LISTS all)
    math(EXPR sum "${sum} + ${one}")
  endforeach()
  message(STATUS "Reprise: random tests spend ${sum} s of one processor, the long ones too")
  if(sum GREATER most)
    message(FATAL_ERROR "the random tests of this build spend ${sum} s of one processor; ./dev test --long "
      "has ${most} for them: see tests/lanes, and ./dev fuzz")
  endif()
endfunction()

# reprise_folder(NAME): adds a folder of ours if it has a CMakeLists.txt.
function(reprise_folder name)
  if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/CMakeLists.txt)
    add_subdirectory(${name})
  else()
    message(STATUS "Reprise: ${name}/ has no CMakeLists.txt yet")
  endif()
endfunction()
