// refused: only an orchestrator asks for an activity

#include "runtime/node.hpp"
#include "tests/actors/shop.hpp"

void body(reprise::node& on) {
  (void)on.tell(shop::charge([](auto bill) { bill.setCents(1); }));
}
