// refused: name what stands in braces on the line before

#include "tests/actors/shop.hpp"

auto started = shop::checkout.as("order-1", {});
