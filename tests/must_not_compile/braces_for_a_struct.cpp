// refused: name what stands in braces on the line before

#include "tests/actors/shop.hpp"

reprise::task<> body() { co_await shop::reserve("tea", {1}); }
