// refused: name the value first

#include "tests/actors/shop.hpp"

reprise::task<> body() {
  auto left = (co_await shop::reserve("tea", [](auto) {}))->getLeft();
  co_await reprise::log(left > 0 ? "more" : "none");
}
