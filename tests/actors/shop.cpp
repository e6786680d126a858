#include "tests/actors/shop.hpp"

namespace shop {

using namespace std::chrono_literals;
using grants_type = std::vector<reprise::result<reprise::value<Grant>>>;

reprise::result<> charge_card(Bill::Reader bill, Receipt::Builder receipt,
                              reprise::attempt_context& here) {
  receipt.setNumber(here.id());
  receipt.setCents(bill.getCents());
  return reprise::done;
}

static reprise::value<Outcome> outcome(const char* text) {
  return reprise::make<Outcome>([&](auto out) { out.setText(text); });
}

static std::uint64_t price(const grants_type& grants) {
  std::uint64_t cents = 0;
  for (const auto& grant : grants) cents += 199 * (*grant)->getQuantity();
  return cents;
}

static reprise::task<> give_back(reprise::value<Order> order, grants_type grants) {
  for (unsigned i = 0; i < grants.size(); ++i) {
    if (!grants[i]) continue;
    auto line = order->getLines()[i];
    co_await release(line.getSku(), [&](auto ask) { ask.setQuantity(line.getQuantity()); });
  }
}

reprise::task<Outcome> run_checkout(reprise::value<Order> order) {
  std::vector<reprise::call<Grant>> asks;
  for (auto line : order->getLines())
    asks.push_back(
        shop::reserve(line.getSku(), [&](auto ask) { ask.setQuantity(line.getQuantity()); }));
  auto grants = co_await reprise::attempt(reprise::all(std::move(asks)));  // each arm's result
  if (!every(grants)) {
    co_await give_back(order, grants);
    co_return outcome("out of stock");
  }
  auto receipt =
      co_await reprise::attempt(shop::charge([&](auto bill) {
                                  bill.setCents(price(grants));
                                }).with(reprise::retry{.attempts = 5, .first = 200ms, .max = 10s}));
  if (!receipt) {
    co_await give_back(order, grants);
    co_return outcome("card declined");
  }
  auto answer = co_await reprise::race(shop::verdict(), reprise::sleep(24h));
  if (!answer || !(*answer)->getApproved()) {
    co_await give_back(order, grants);
    co_return outcome("refunded");
  }
  co_return outcome("confirmed");
}

}  // namespace shop
