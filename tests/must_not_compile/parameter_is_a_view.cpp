// refused: a task outlives its caller: take every parameter by value

#include "tests/actors/shop.hpp"

reprise::task<> body(std::string_view name) { co_return; }
