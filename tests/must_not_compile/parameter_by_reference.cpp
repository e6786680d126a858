// refused: a task outlives its caller: take every parameter by value

#include "tests/actors/shop.hpp"

reprise::task<> body(const reprise::value<shop::Order>& order) { co_return; }
