// refused: write a function, not a lambda or a member

#include "tests/actors/shop.hpp"

int number = 1;
auto body = [kept = number]() -> reprise::task<> { co_return; };
