// refused: an orchestrator is a function that returns a reprise::task

#include "tests/actors/shop.hpp"

reprise::task<shop::Outcome> inner(reprise::value<shop::Order>);
void bind(reprise::application& app, int number) {
  app.bind(shop::checkout, [number](reprise::value<shop::Order> order) { return inner(order); });
}
