#include "examples/shop/shop.hpp"

#include "examples/shop/checkout.hpp"
#include "examples/shop/shelf.hpp"

namespace examples::shop {

void bind(reprise::application& app) {
  app.bind(restock, &shelf::restock)
      .bind(reserve, &shelf::reserve)
      .bind(release, &shelf::release)
      .bind(get, &shelf::get)
      .bind(charge, charge_card)
      .bind(refund, refund_card)
      .bind(verdict)
      .bind(checkout, run_checkout);
}

}  // namespace examples::shop
