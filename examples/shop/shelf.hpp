// One product's shelf: the node loads it, calls one operation at a time, and commits. It is a plain
// struct: no base class, no macro, testable without a runtime.

#pragma once

#include "examples/checked.hpp"
#include "examples/shop/shop.hpp"

namespace examples::shop {

struct shelf {
  reprise::state<Stock> stock;

  reprise::result<> restock(Ask::Reader ask, Grant::Builder grant) {
    const auto all = sum(stock->getAvailable(), ask.getQuantity());
    if (!all) return reprise::reject("the shelf does not hold as many");
    stock.edit().setAvailable(*all);
    return granted(ask, grant);
  }

  reprise::result<> reserve(Ask::Reader ask, Grant::Builder grant) {
    if (ask.getQuantity() > stock->getAvailable())
      return reprise::reject("out of stock");  // no state is written
    stock.edit().setAvailable(stock->getAvailable() - ask.getQuantity());
    return granted(ask, grant);
  }

  reprise::result<> release(Ask::Reader ask, Grant::Builder grant) { return restock(ask, grant); }

  reprise::result<> get(Ask::Reader, Grant::Builder grant) const {
    grant.setLeft(stock->getAvailable());
    return reprise::done;
  }

 private:
  reprise::result<> granted(Ask::Reader ask, Grant::Builder grant) const {
    grant.setQuantity(ask.getQuantity());
    grant.setLeft(stock->getAvailable());
    return reprise::done;
  }
};

}  // namespace examples::shop
