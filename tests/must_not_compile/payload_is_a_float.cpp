// refused: this is no payload

#include "tests/actors/shop.hpp"

constexpr reprise::orchestration<float, std::string> heat{"heat"};
