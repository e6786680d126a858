// refused: the input does not fit this call

#include "tests/actors/shop.hpp"

constexpr reprise::activity<reprise::none, std::string> hello{"hello"};
auto call = hello("x");
