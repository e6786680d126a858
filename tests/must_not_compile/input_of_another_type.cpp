// refused: the input does not fit this call

#include "tests/actors/shop.hpp"

constexpr reprise::activity<std::string, std::string> hello{"hello"};

auto call = hello(std::vector<int>{1});
