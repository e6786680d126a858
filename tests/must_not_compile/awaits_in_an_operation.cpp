// refused: an operation and an activity run in one go and cannot await

#include "tests/actors/shop.hpp"

struct shelf {
  reprise::state<shop::Stock> stock;
  reprise::result<> reserve(shop::Ask::Reader, shop::Grant::Builder) {
    co_await shop::charge([](auto) {});
  }
};
