// refused: name the value first

#include "tests/actors/shop.hpp"

reprise::task<> body() {
  auto grant = *co_await shop::reserve("tea", [](auto) {});
  co_await reprise::log(grant.getLeft() > 0 ? "more" : "none");
}
