// refused: this is no payload

#include "tests/actors/shop.hpp"

constexpr reprise::event<std::pair<int, int>> moved{"moved"};
