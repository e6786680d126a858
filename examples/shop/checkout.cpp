#include "examples/shop/checkout.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "examples/checked.hpp"
#include "examples/ledger.hpp"

namespace examples::shop {

using namespace std::chrono_literals;

namespace {

using grants = std::vector<reprise::result<reprise::value<Grant>>>;  // one per line of the order

constexpr std::uint64_t cents_each = 1999;

// Returns nothing if the sum does not fit in 64 bits.
std::optional<std::uint64_t> price(const grants& all) {
  std::optional<std::uint64_t> cents = 0;
  for (const auto& grant : all) {
    const auto line = product(cents_each, (*grant)->getQuantity());
    if (cents && line) cents = sum(*cents, *line);
  }
  return cents;
}

reprise::value<Outcome> outcome(const char* text) {
  return reprise::make<Outcome>([&](auto out) { out.setText(text); });
}

// Returns only what was granted. Each release is a durable step, so a crash does not repeat one.
reprise::task<> give_back(reprise::value<Order> order, grants granted) {
  std::vector<reprise::call<Grant>> releases;
  for (unsigned i = 0; i < granted.size(); ++i) {
    if (!granted[i]) continue;
    auto line = order->getLines()[i];
    releases.push_back(
        release(line.getSku(), [&](auto ask) { ask.setQuantity(line.getQuantity()); }));
  }
  co_await reprise::all(std::move(releases));
}

}  // namespace

// The id is the same for every attempt and after every restart, so the card company charges once per id.
reprise::result<> charge_card(Bill::Reader bill, Receipt::Builder receipt,
                              reprise::attempt_context& here) {
  note("charge", here);
  if (bill.getDecline()) return reprise::reject("card declined");
  receipt.setNumber(here.id());
  receipt.setCents(bill.getCents());
  return reprise::done;
}

reprise::result<> refund_card(Receipt::Reader receipt, Receipt::Builder refunded,
                              reprise::attempt_context& here) {
  note("refund", here);
  refunded.setNumber(receipt.getNumber());
  refunded.setCents(receipt.getCents());
  return reprise::done;
}

reprise::task<Outcome> run_checkout(reprise::value<Order> order) {
  std::vector<reprise::call<Grant>> asks;
  for (auto line : order->getLines())
    asks.push_back(reserve(line.getSku(), [&](auto ask) { ask.setQuantity(line.getQuantity()); }));
  auto grants = co_await reprise::attempt(reprise::all(std::move(asks)));  // the result of each arm
  if (!reprise::every(grants)) {
    co_await give_back(order, grants);
    co_return outcome("out of stock");
  }
  const auto cents = price(grants);
  if (!cents) {
    co_await give_back(order, grants);
    co_return outcome("too dear");
  }
  auto receipt =
      co_await reprise::attempt(charge([&](auto bill) {
                                  bill.setCents(*cents);
                                  bill.setDecline(order->getDecline());
                                }).with(reprise::retry{.attempts = 5, .first = 200ms, .max = 10s}));
  if (!receipt) {
    co_await give_back(order, grants);
    co_return outcome("card declined");
  }
  auto answer = co_await reprise::race(verdict(), reprise::sleep(24h));
  if (!answer || !(*answer)->getApproved()) {
    co_await refund(*receipt);
    co_await give_back(order, grants);
    co_return outcome("refunded");
  }
  co_return outcome("confirmed");
}

}  // namespace examples::shop
