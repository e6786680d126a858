# reprise_module(NAME sources...): a shared library for `reprise serve --module` (<reprise/module.hpp>). The
# program provides the Reprise functions that it calls.
function(reprise_module name)
  add_library(${name} MODULE ${ARGN})
  target_link_libraries(${name} PRIVATE reprise::module)
  reprise_check(${name})
endfunction()
