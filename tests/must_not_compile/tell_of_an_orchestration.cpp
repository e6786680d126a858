// refused: an orchestration is not told, it is started

#include "tests/actors/shop.hpp"

void body(reprise::turn& here) {
  here.tell(shop::checkout([](auto) {}));
}
