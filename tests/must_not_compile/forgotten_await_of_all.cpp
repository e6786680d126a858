// refused: all waits when it is awaited

#include "tests/actors/shop.hpp"

constexpr reprise::activity<std::string, std::string> hello{"hello"};

reprise::task<> body() {
  reprise::all(hello("a"), hello("b"));
  co_return;
}
