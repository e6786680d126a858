// refused: only an orchestrator asks for an activity

#include "tests/actors/shop.hpp"

void body(reprise::turn& here) {
  here.tell(shop::charge([](auto bill) { bill.setCents(1); }).with({.attempts = 2}));
}
