// refused: a task outlives its caller: take every parameter by value

#include "tests/actors/shop.hpp"

reprise::task<> body(shop::Order::Reader order) { co_return; }
