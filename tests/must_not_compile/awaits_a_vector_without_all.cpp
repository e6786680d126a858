// refused: may await only durable things

#include "tests/actors/shop.hpp"

reprise::task<> body(std::vector<reprise::call<shop::Grant>> asks) { co_await std::move(asks); }
