// refused: may await only durable things

#include "tests/actors/shop.hpp"

reprise::task<> body(reprise::value<shop::Order> order) { co_await shop::checkout(order); }
