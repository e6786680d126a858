// refused: this is not what the task answers with

#include "tests/actors/shop.hpp"

reprise::task<shop::Receipt> body() {
  auto tried = co_await reprise::attempt(shop::charge([](auto) {}));
  co_return tried;
}
