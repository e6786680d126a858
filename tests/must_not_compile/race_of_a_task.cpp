// refused: the arms of all, race and begin are

#include "tests/actors/shop.hpp"

constexpr reprise::activity<std::string, std::string> hello{"hello"};

reprise::task<> inner();
reprise::task<> body() { co_await reprise::race(inner(), hello("a")); }
