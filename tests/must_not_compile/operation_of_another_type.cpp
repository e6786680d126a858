// refused: this member function does not fit the operation

#include "tests/actors/shop.hpp"

struct shelf {
  reprise::state<shop::Stock> stock;
  reprise::result<> reserve(shop::Grant::Builder grant, shop::Ask::Reader ask);
};
void bind(reprise::application& app) { app.bind(shop::reserve, &shelf::reserve); }
