// refused: this function does not fit the activity

#include "tests/actors/shop.hpp"

reprise::result<std::string> charge(shop::Bill::Reader);
void bind(reprise::application& app) { app.bind(shop::charge, charge); }
