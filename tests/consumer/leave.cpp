#include "leave.hpp"

#include <chrono>
#include <utility>

namespace leave {
namespace {

using namespace std::chrono_literals;

struct days {
  reprise::state<Balance> balance;

  reprise::result<> grant(Wish::Reader wish, Balance::Builder now) {
    return set(balance->getLeft() + wish.getDays(), now);
  }
  reprise::result<> take(Wish::Reader wish, Balance::Builder now) {
    if (wish.getDays() > balance->getLeft()) return reprise::reject("not that many days are left");
    return set(balance->getLeft() - wish.getDays(), now);
  }

 private:
  reprise::result<> set(std::uint32_t left, Balance::Builder now) {
    balance.edit().setLeft(left);
    now.setLeft(left);
    return reprise::done;
  }
};

reprise::task<std::string> run_request(reprise::value<Wish> wish) {
  auto answer = co_await reprise::race(verdict(), reprise::sleep(30 * 24h));
  if (!answer) co_return "nobody answered";
  if (!(*answer)->getGranted()) co_return "refused";
  auto taken =
      co_await reprise::attempt(take("ann", [&](auto ask) { ask.setDays(wish->getDays()); }));
  co_return taken ? "granted" : taken.error().text;
}

}  // namespace

void bind(reprise::application& app) {
  app.bind(grant, &days::grant).bind(take, &days::take);
  app.bind(verdict).bind(request, run_request);
}

reprise::application application() {
  reprise::application app;
  bind(app);
  return app;
}

}  // namespace leave
