# Compiles the header SOURCE for all that include it, as PRECOMPILED/tests/actors/NAME.gch.
include(${CMAKE_CURRENT_LIST_DIR}/compiled.cmake)
cmake_path(GET SOURCE FILENAME name)
file(MAKE_DIRECTORY ${PRECOMPILED}/tests/actors)
compiled(${SOURCE} -x c++-header -o ${PRECOMPILED}/tests/actors/${name}.gch)
if(NOT status EQUAL 0)
  message(FATAL_ERROR "${SOURCE} must compile:\n${out}")
endif()
