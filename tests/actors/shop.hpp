// The contract and the structs of the shop that the tests of this folder use.

#pragma once

#include "actors/reprise.hpp"
#include "tests/actors/shop.capnp.h"

namespace shop {

inline constexpr reprise::actor<Stock> stock{"stock"};
inline constexpr reprise::operation<Stock, Ask, Grant> reserve{stock, "reserve"};
inline constexpr reprise::operation<Stock, Ask, Grant> release{stock, "release"};
inline constexpr reprise::activity<Bill, Receipt> charge{"charge"};
inline constexpr reprise::event<Verdict> verdict{"verdict"};
inline constexpr reprise::orchestration<Order, Outcome> checkout{"checkout"};

struct shelf {
  reprise::state<Stock> stock;
  reprise::result<> reserve(Ask::Reader ask, Grant::Builder grant) {
    if (ask.getQuantity() > stock->getAvailable()) return reprise::reject("out of stock");
    stock.edit().setAvailable(stock->getAvailable() - ask.getQuantity());
    grant.setQuantity(ask.getQuantity());
    return reprise::done;
  }
  reprise::result<> release(Ask::Reader ask, Grant::Builder grant) {
    stock.edit().setAvailable(stock->getAvailable() + ask.getQuantity());
    grant.setLeft(stock->getAvailable());
    return reprise::done;
  }
};

reprise::result<> charge_card(Bill::Reader bill, Receipt::Builder receipt,
                              reprise::attempt_context& here);
reprise::task<Outcome> run_checkout(reprise::value<Order> order);

}  // namespace shop
