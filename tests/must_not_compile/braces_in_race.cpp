// refused: name what stands in braces on the line before

#include "tests/actors/shop.hpp"

constexpr reprise::activity<std::string, std::string> hello{"hello"};
reprise::task<> body() { co_await reprise::race({hello("a"), hello("b")}); }
