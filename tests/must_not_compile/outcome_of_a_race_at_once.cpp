// refused: name the value first

#include "tests/actors/shop.hpp"

constexpr reprise::activity<std::string, std::string> hello{"hello"};
reprise::task<> body() {
  auto first = (co_await reprise::race(hello("a"), hello("b"))).get<0>();
  co_await reprise::log(*first);
}
