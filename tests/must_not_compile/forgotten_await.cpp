// refused: a call does nothing until it is awaited

#include "tests/actors/shop.hpp"

constexpr reprise::activity<std::string, std::string> hello{"hello"};

reprise::task<> body() {
  hello("x");
  co_return;
}
