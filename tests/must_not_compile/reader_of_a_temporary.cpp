// refused: name the value first

#include "tests/actors/shop.hpp"

auto quantity(reprise::call<shop::Grant>) -> reprise::value<shop::Grant>;
auto dangling = quantity(shop::reserve("tea", [](auto) {})) -> getQuantity();
