// refused: this is no payload

#include "tests/actors/shop.hpp"

struct mine {};
constexpr reprise::operation<shop::Stock, shop::Ask, mine> take{shop::stock, "take"};
