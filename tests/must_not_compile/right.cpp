// compiles
// The right form of everything that the other files get wrong.

#include "tests/actors/shop.hpp"

using namespace std::chrono_literals;

namespace {
constexpr reprise::activity<std::string, std::string> hello{"hello"};
constexpr reprise::orchestration<std::string, std::string> greet{"greet"};
constexpr reprise::activity<std::string, std::uint32_t> length{"length"};

struct shelf {
  reprise::state<shop::Stock> stock;
  reprise::table<std::string, std::string> lines{"lines"};
  reprise::result<> reserve(shop::Ask::Reader, shop::Grant::Builder) {
    stock.edit().setAvailable(1);
    lines.put("a", "b");
    return reprise::done;
  }
  reprise::result<reprise::none> pass_on(reprise::none, reprise::turn& here) {
    here.tell(shop::reserve("tea", [](auto ask) { ask.setQuantity(1); }));
    here.start(greet("tea"));
    return reprise::none{};
  }
  reprise::result<> release(shop::Ask::Reader, shop::Grant::Builder grant) const {
    grant.setLeft(stock->getAvailable());
    return reprise::done;
  }
};

reprise::task<std::string> inner(std::string name) {
  auto text = co_await hello(name);
  co_return *text;
}
reprise::task<std::string> body(std::string name) {
  auto text = co_await inner(name);
  auto grant = co_await shop::reserve("tea", [&](auto ask) { ask.setQuantity(1); });
  auto left = grant->getLeft();
  capnp::MallocMessageBuilder room;
  auto order = room.initRoot<shop::Ask>();
  co_await shop::reserve("tea", order);
  co_await shop::reserve("tea", order.asReader());
  auto both = co_await reprise::all(hello("a"), length("b"));
  std::vector<reprise::call<std::string>> asks{hello("a"), greet("b")};
  asks.push_back(reprise::call<std::string>(hello("c")).with({.attempts = 2}));
  co_await reprise::all(std::move(asks));
  std::vector<reprise::call<shop::Grant>> grants;
  grants.push_back(shop::reserve("tea", [&](auto ask) { ask.setQuantity(1); }));
  co_await reprise::all(reprise::call<std::string>(hello("d")), std::move(grants.front()));
  auto won = co_await reprise::race(hello("a"), reprise::sleep(1s));
  auto p = co_await reprise::begin(hello("a").with({.attempts = 2}));
  co_await p;
  co_await reprise::set_status("on the way");
  auto held = co_await reprise::lock(shop::stock("tea"), shop::stock("cup"));
  co_return *std::get<0>(both) + *text + std::to_string(left) + (won ? "" : "late");
}
}  // namespace

int main() {
  reprise::application app;
  app.bind(greet, body)
      .bind(hello, [](std::string name) -> reprise::result<std::string> { return name; })
      .bind(length, [](const std::string& s) -> reprise::result<std::uint32_t> { return s.size(); })
      .bind(shop::reserve, &shelf::reserve)
      .bind(shop::release, &shelf::release)
      .bind(shop::verdict);
}
