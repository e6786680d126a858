# reprise_module(NAME sources...): a shared library that `reprise serve --module` loads
# (gateway/module.hpp). What it calls of Reprise it finds in the program.
function(reprise_module name)
  add_library(${name} MODULE ${ARGN})
  target_link_libraries(${name} PRIVATE reprise::module)
  reprise_check(${name})
endfunction()
