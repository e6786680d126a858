// refused: this is no payload

#include "tests/actors/shop.hpp"

struct shelf {
  reprise::table<std::string, std::pair<int, int>> places{"places"};
};
