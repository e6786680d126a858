// What happens to an order, and the activities of the card company.

#pragma once

#include "examples/shop/shop.hpp"

namespace examples::shop {

reprise::result<> charge_card(Bill::Reader, Receipt::Builder, reprise::attempt_context&);
reprise::result<> refund_card(Receipt::Reader, Receipt::Builder, reprise::attempt_context&);

// Reserves every line, charges the card, then waits a day for the verdict. Whenever it fails, it
// returns what was reserved.
reprise::task<Outcome> run_checkout(reprise::value<Order>);

}  // namespace examples::shop
