# The settings of all our targets: language, warnings, sanitizers.

include(${CMAKE_CURRENT_LIST_DIR}/lanes.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/check.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/module.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/public_headers.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/schema.cmake)

if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 12.2
    OR CMAKE_CXX_COMPILER_ID STREQUAL "Clang" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 14)
  message(FATAL_ERROR "Reprise needs g++ 12.2 or clang 14, or later: coroutines. This is "
    "${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION} (${CMAKE_CXX_COMPILER}).")
endif()

if(PROJECT_IS_TOP_LEVEL AND NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()
# Asserts stay in every build type: a broken invariant ends the process, and recovery is the tested path.
foreach(type RELEASE RELWITHDEBINFO MINSIZEREL)
  string(REPLACE "-DNDEBUG" "" CMAKE_CXX_FLAGS_${type} "${CMAKE_CXX_FLAGS_${type}}")
endforeach()
string(REPLACE "-O3" "-O2" CMAKE_CXX_FLAGS_RELEASE "${CMAKE_CXX_FLAGS_RELEASE}")
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

add_library(reprise_options INTERFACE)
target_compile_features(reprise_options INTERFACE cxx_std_20)
target_include_directories(reprise_options INTERFACE
  "$<BUILD_INTERFACE:${PROJECT_SOURCE_DIR};${PROJECT_BINARY_DIR}/include>")
# These flags are for our build only; users of the installed package choose their own. A forgotten co_await
# warns in their build too, and is an error with -Werror=unused-result.
target_compile_options(reprise_options INTERFACE
  "$<BUILD_INTERFACE:-Wall;-Wextra;-Wshadow;-Wnon-virtual-dtor;-Werror=unused-result>")
# In a unity build (CMAKE_UNITY_BUILD), the types local to a source are in an included file.
if(CMAKE_UNITY_BUILD AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(reprise_options INTERFACE $<BUILD_INTERFACE:-Wno-subobject-linkage>)
endif()
if(REPRISE_SANITIZE)
  target_compile_options(reprise_options INTERFACE
    -fsanitize=${REPRISE_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all -g1)
  target_link_options(reprise_options INTERFACE -fsanitize=${REPRISE_SANITIZE})
  # For this check clang 14 puts a signature before each function, which its assembler rejects for the parts
  # of a coroutine ("Cannot represent a difference across sections").
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang" AND REPRISE_SANITIZE MATCHES "undefined")
    target_compile_options(reprise_options INTERFACE -fno-sanitize=function)
  endif()
endif()

# reprise_library(NAME sources...): a static library reprise_NAME.
function(reprise_library name)
  add_library(reprise_${name} STATIC ${ARGN})
  add_library(reprise::${name} ALIAS reprise_${name})
  target_link_libraries(reprise_${name} PUBLIC reprise_options)
endfunction()

# reprise_plain_if_sanitized(NAME): does not optimise sanitized builds. For targets that are slow to build
# and take little of the tests' time.
function(reprise_plain_if_sanitized name)
  if(REPRISE_SANITIZE)
    target_compile_options(reprise_${name} PRIVATE -O0)
  endif()
endfunction()

# reprise_read_once(TARGET headers...): precompiles headers that nearly all files of the target include,
# except for files with the property SKIP_PRECOMPILE_HEADERS. Disables ccache: hashing 240 MB of precompiled
# headers takes a third of the time of compiling a file.
function(reprise_read_once target)
  list(TRANSFORM ARGN REPLACE "(.+)" "<\\1>" OUTPUT_VARIABLE headers)
  target_precompile_headers(${target} PRIVATE ${headers})
  set_property(TARGET ${target} PROPERTY CXX_COMPILER_LAUNCHER "")
endfunction()

# reprise_test(FOLDER libraries... [FILTER boost-filter] [HEADERS headers...] SOURCES files...): one
# Boost.Test program per folder, FOLDER_tests, run by CTest as FOLDER in the lane `unit`. FILTER keeps
# suites out of that run (Boost.Test's --run_test, "!@slow"); register those with reprise_lane_test.
# HEADERS are those that nearly all its files include; they are precompiled with Boost.Test. That and -O0
# make tests build three times faster; the code under test is built as always. No unity build: each test
# file has a `rows` and a `row` of its own.
function(reprise_test folder)
  cmake_parse_arguments(arg "" "FILTER" "SOURCES;HEADERS" ${ARGN})
  add_executable(${folder}_tests ${arg_SOURCES})
  target_link_libraries(${folder}_tests PRIVATE ${arg_UNPARSED_ARGUMENTS} Boost::unit_test_framework)
  target_compile_definitions(${folder}_tests PRIVATE BOOST_TEST_DYN_LINK)
  target_compile_options(${folder}_tests PRIVATE -O0)
  set_target_properties(${folder}_tests PROPERTIES UNITY_BUILD OFF)
  if(arg_HEADERS)
    reprise_read_once(${folder}_tests boost/test/unit_test.hpp ${arg_HEADERS})
    # main.cpp defines a macro before it includes Boost.Test.
    set_source_files_properties(main.cpp PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
  endif()
  if(arg_FILTER)
    reprise_lane_test(${folder} unit COMMAND ${folder}_tests --run_test=${arg_FILTER})
  else()
    reprise_lane_test(${folder} unit COMMAND ${folder}_tests)
  endif()
endfunction()
