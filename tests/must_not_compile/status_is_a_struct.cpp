// refused: a status is plain

#include "tests/actors/shop.hpp"

reprise::task<> body() { co_await reprise::set_status(reprise::value<shop::Outcome>()); }
