// refused: a const member function only reads

#include "tests/actors/shop.hpp"

struct shelf {
  reprise::state<shop::Stock> stock;
  reprise::result<> reserve(shop::Ask::Reader, shop::Grant::Builder) const {
    stock.edit().setAvailable(1);
    return reprise::done;
  }
};
