// refused: the arms of all, race and begin are

#include "tests/actors/shop.hpp"

constexpr reprise::activity<std::string, std::string> hello{"hello"};

reprise::task<> body() { co_await reprise::begin(reprise::all(hello("a"), hello("b"))); }
