// refused: this is no payload

#include "tests/actors/shop.hpp"

struct shelf {
  reprise::state<float> temperature;
};
