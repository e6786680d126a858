# What makes a build quick without changing its result: ccache and a fast linker, when they are there.
# Ours only when we are the top of the build; who embeds Reprise chooses for himself.

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
