// refused: only an orchestrator awaits this

#include "runtime/node.hpp"
#include "tests/actors/shop.hpp"

void body(reprise::node& on, const reprise::call<shop::Grant>& any) { (void)on.ask(any); }
