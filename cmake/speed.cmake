# Makes builds fast without changing their result: uses ccache and a fast linker if they are installed. Only
# when Reprise is the top-level project; embedders choose for themselves.

if(NOT PROJECT_IS_TOP_LEVEL)
  return()
endif()

find_program(CCACHE_EXECUTABLE ccache)
if(CCACHE_EXECUTABLE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE_EXECUTABLE})
endif()

find_program(MOLD_EXECUTABLE mold)
find_program(LLD_EXECUTABLE ld.lld)
if(NOT CMAKE_EXE_LINKER_FLAGS MATCHES "-fuse-ld")
  if(MOLD_EXECUTABLE)
    add_link_options(-fuse-ld=mold)
  elseif(LLD_EXECUTABLE)
    add_link_options(-fuse-ld=lld)
  endif()
endif()
