// refused: only an orchestrator awaits this

#include "tests/actors/shop.hpp"

void body(reprise::turn& here, const reprise::call<shop::Grant>& any) { here.tell(any); }
