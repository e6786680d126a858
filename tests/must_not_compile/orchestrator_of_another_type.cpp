// refused: this function does not fit the orchestration

#include "tests/actors/shop.hpp"

reprise::task<std::string> body(reprise::value<shop::Order>);
void bind(reprise::application& app) { app.bind(shop::checkout, body); }
