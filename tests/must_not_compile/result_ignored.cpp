// refused: unused-result

#include "tests/actors/shop.hpp"

void test(shop::shelf& tea, shop::Ask::Reader ask, shop::Grant::Builder grant) {
  tea.reserve(ask, grant);
}
