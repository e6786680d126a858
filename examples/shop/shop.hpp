// A shop: shelves that are actors, and a checkout that reserves, charges, waits and gives back.
// This is its contract: every durable name and type, no behaviour.

#pragma once

#include <reprise/reprise.hpp>

#include "examples/shop/shop.capnp.h"

namespace examples::shop {

inline constexpr reprise::actor<Stock> stock{"stock"};
inline constexpr reprise::operation<Stock, Ask, Grant> restock{stock, "restock"};
inline constexpr reprise::operation<Stock, Ask, Grant> reserve{stock, "reserve"};
inline constexpr reprise::operation<Stock, Ask, Grant> release{stock, "release"};
inline constexpr reprise::operation<Stock, Ask, Grant> get{stock, "get"};

inline constexpr reprise::activity<Bill, Receipt> charge{"charge"};
inline constexpr reprise::activity<Receipt, Receipt> refund{"refund"};
inline constexpr reprise::event<Verdict> verdict{"verdict"};
inline constexpr reprise::orchestration<Order, Outcome> checkout{"checkout"};

void bind(reprise::application&);

}  // namespace examples::shop
