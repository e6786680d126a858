// refused by Clang: a section that is dropped is released

#include "tests/actors/shop.hpp"

reprise::task<> body() { co_await reprise::lock(shop::stock("tea")); }
