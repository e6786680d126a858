#include "examples/bank/bank.hpp"

#include <string>

#include "examples/checked.hpp"

namespace examples::bank {
namespace {

struct ledger_page {
  reprise::state<Balance> funds;

  reprise::result<> put_in(Amount::Reader in, Balance::Builder out) {
    if (in.getAmount() < 0) return reprise::reject("an amount is not negative");
    return change(in.getAmount(), out);
  }

  reprise::result<> take_out(Amount::Reader in, Balance::Builder out) {
    if (in.getAmount() < 0) return reprise::reject("an amount is not negative");
    if (in.getAmount() > funds->getBalance())
      return reprise::reject("the account would be overdrawn");
    return change(-in.getAmount(), out);
  }

  reprise::result<> show(Nothing::Reader, Balance::Builder out) const {
    out.setBalance(funds->getBalance());
    return reprise::done;
  }

 private:
  reprise::result<> change(std::int64_t by, Balance::Builder out) {
    const auto next = sum(funds->getBalance(), by);
    if (!next) return reprise::reject("the balance would not fit in 64 bits");
    funds.edit().setBalance(*next);
    out.setBalance(*next);
    return reprise::done;
  }
};

// While the section holds both accounts, no other call reaches them, so none sees the money missing.
reprise::task<Receipt> run_transfer(reprise::value<Order> order) {
  const auto from = reprise::text_of(order->getFrom()), to = reprise::text_of(order->getTo());
  auto held = co_await reprise::lock(account(from), account(to));
  auto taken =
      co_await reprise::attempt(withdraw(from, [&](auto in) { in.setAmount(order->getAmount()); }));
  bool applied = static_cast<bool>(taken);
  if (applied) {
    auto given =
        co_await reprise::attempt(deposit(to, [&](auto in) { in.setAmount(order->getAmount()); }));
    applied = static_cast<bool>(given);
  }
  if (taken && !applied)  // undo: the account had room for it before
    co_await deposit(from, [&](auto in) { in.setAmount(order->getAmount()); });
  co_return reprise::make<Receipt>([&](auto out) { out.setApplied(applied); });
}

}  // namespace

void bind(reprise::application& app) {
  app.bind(deposit, &ledger_page::put_in)
      .bind(withdraw, &ledger_page::take_out)
      .bind(balance, &ledger_page::show)
      .bind(transfer, run_transfer);
}

}  // namespace examples::bank
