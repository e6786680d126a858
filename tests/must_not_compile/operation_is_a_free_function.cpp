// refused: an operation is bound to a member function

#include "tests/actors/shop.hpp"

reprise::result<> reserve(shop::Ask::Reader, shop::Grant::Builder);
void bind(reprise::application& app) { app.bind(shop::reserve, reserve); }
