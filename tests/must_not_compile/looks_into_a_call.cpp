// refused: this is the call, not its answer

#include "tests/actors/shop.hpp"

reprise::task<std::uint32_t> body() {
  auto grant = shop::reserve("tea", [](auto ask) { ask.setQuantity(1); });
  co_return grant->getLeft();
}
