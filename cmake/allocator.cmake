# The allocator of our programs: tcmalloc if it is installed, otherwise the C library's. In reprise-bench
# it gives a fifth more calls per second, because one thread frees what another allocates. A library must
# not choose the allocator of the program that embeds it, so this is for programs only. Sanitizers bring
# their own. The full file name is there because the package without headers has no other link.
find_library(TCMALLOC_LIBRARY NAMES tcmalloc_minimal libtcmalloc_minimal.so.4)
mark_as_advanced(TCMALLOC_LIBRARY)
add_library(reprise_allocator INTERFACE)
add_library(reprise::allocator ALIAS reprise_allocator)
if(TCMALLOC_LIBRARY AND NOT REPRISE_SANITIZE)
  target_link_libraries(reprise_allocator INTERFACE ${TCMALLOC_LIBRARY})
endif()
