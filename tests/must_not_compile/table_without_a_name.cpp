// refused: a table has a durable name

#include "tests/actors/shop.hpp"

struct shelf {
  reprise::table<std::string, std::string> lines;
};
shelf made;
