// refused: only an orchestrator asks for an activity

#include "runtime/node.hpp"
#include "tests/actors/shop.hpp"

void body(reprise::node& on) {
  on.ask(shop::charge([](auto bill) { bill.setCents(1); }), [](auto) {});
}
