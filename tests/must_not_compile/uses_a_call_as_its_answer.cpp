// refused: this is the call, not its answer

#include "tests/actors/shop.hpp"

constexpr reprise::activity<std::string, std::string> hello{"hello"};

reprise::task<std::string> body() {
  auto text = hello("x");
  co_return *text;
}
