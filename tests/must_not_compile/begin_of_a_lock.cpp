// refused: a lock is awaited on its own

#include "tests/actors/shop.hpp"

reprise::task<> body() { co_await reprise::begin(reprise::lock(shop::stock("tea"))); }
