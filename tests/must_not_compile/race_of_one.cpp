// refused: a race has two arms or more

#include "tests/actors/shop.hpp"

constexpr reprise::activity<std::string, std::string> hello{"hello"};

reprise::task<> body() { co_await reprise::race(hello("a")); }
