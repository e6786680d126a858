#include "tests/support/parts.hpp"

#include <chrono>
#include <stdexcept>
#include <string>

#include "examples/approval/approval.hpp"
#include "examples/bank/bank.hpp"
#include "examples/counter/counter.hpp"
#include "examples/fan_out/fan_out.hpp"
#include "examples/flaky/flaky.hpp"
#include "examples/hello_cities/hello_cities.hpp"
#include "examples/ledger.hpp"
#include "examples/monitor/monitor.hpp"
#include "examples/shop/checkout.hpp"
#include "examples/shop/shelf.hpp"
#include "examples/shop/shop.hpp"
#include "examples/tree/tree.hpp"
#include "examples/word_count/word_count.hpp"
#include "tests/support/family.hpp"

namespace reprise::testing::parts {
namespace {

using namespace std::chrono_literals;

struct tally_actor {
  state<number> count;

  result<number> add_up(number n) {
    if (*count + n < 0) return reject("it would be negative");
    count.edit() += n;
    return *count;
  }
  result<number> now_at(none) const { return *count; }
  result<number> wiped(none, turn& here) {
    const auto was = *count;
    here.erase();
    return was;
  }
  result<number> stretched(number n, turn& here) {
    for (number i = 0; i < n; ++i) here.tell(add(here.key(), number{1}));
    return n;
  }
};

struct sheet_actor {
  table<std::string, number> lines{"lines"};

  result<number> bump_one(std::string name) {
    const auto was = lines.find(name);
    const number now = (was ? **was : 0) + 1;
    lines.put(name, now);
    return now;
  }
  result<none> strike_one(std::string name) {
    lines.erase(name);
    return none{};
  }
  number sum() const {
    number all = 0;
    for (const auto& [name, n] : lines.scan()) all += *n;
    return all;
  }
  result<number> total_of(none) { return sum(); }
  result<numbers> list_of(none) const {
    numbers all;
    for (const auto& [name, n] : lines.scan()) all.push_back(*n);
    return all;
  }
  result<number> look_at(std::string name) const {
    const auto found = lines.find(name);
    return found ? **found : 0;
  }
  result<number> fill_with(number n) {
    for (number i = 0; i < n; ++i) lines.put("f" + std::to_string(i), number{1});
    return n;
  }
  result<none> tear_up(none, turn& here) {
    here.erase();
    return none{};
  }
  // What users should not write: it takes "not loaded" for "missing".
  result<number> bump_carelessly(std::string name) {
    number was = 0;
    try {
      if (const auto found = lines.find(name)) was = **found;
    } catch (...) {
      was = 1000;
    }
    try {
      lines.put(name, was + 1);
    } catch (...) {
    }
    return was + 1;
  }
};

struct hub_actor {
  state<number> sent;

  void send(number count, number base, number inboxes, turn& here) {
    for (number i = 0; i < count; ++i)
      here.tell(take("in-" + std::to_string(i % inboxes), base + i / inboxes));
    sent.edit() += count;
  }
  result<number> fan_out(numbers what, turn& here) {
    send(what[0], what[1], what[2], here);
    return *sent;
  }
  result<number> spread_out(numbers what, turn& here) {
    const auto turns = what[0], count = what[1], inboxes = what[2];
    send(count, *sent / inboxes, inboxes, here);
    if (turns > 1) here.tell(spread(here.key(), numbers{turns - 1, count, inboxes}));
    return *sent;
  }
  void raise_many(number n, turn& here) {
    for (number i = 0; i < n; ++i) here.raise(nudge, "showered", number{1});
    ++sent.edit();
  }
  result<none> shower_on(number n, turn& here) {
    raise_many(n, here);
    return none{};
  }
  result<none> shower_on_what_starts(number n, turn& here) {
    raise_many(n, here);
    here.start(collect.as("showered"));
    return none{};
  }
  result<none> set_alarms(number n, turn& here) {
    for (number i = n; i-- > 0;)
      here.tell(take("in-0", number{i}), here.now() + std::chrono::seconds(3 * (i + 1)));
    return none{};
  }
  result<number> what_time(none, turn& here) {
    sent.edit() = here.now().time_since_epoch().count();
    return *sent;
  }
  result<none> remind_later(std::string key, turn& here) {
    here.tell(add(key, number{1}), here.now() + 1h);
    return none{};
  }
};

struct inbox_actor {
  table<std::string, number> next{"next"};
  table<std::string, number> wrong{"wrong"};

  result<none> take_one(number n, turn& here) {
    const auto& from = here.caller().key;
    const auto stored = next.find(from);
    if (n != (stored ? **stored : 0)) {
      const auto errors = wrong.find(from);
      wrong.put(from, (errors ? **errors : 0) + 1);
    }
    next.put(from, n + 1);
    return none{};
  }
  result<numbers> what_was_seen(none) const {
    number taken = 0, errors = 0;
    for (const auto& [from, n] : next.scan()) taken += *n;
    for (const auto& [from, n] : wrong.scan()) errors += *n;
    return numbers{taken, errors};
  }
};

struct relay_actor {
  state<number> count;

  result<none> pass_on(numbers what, turn& here) {
    ++count.edit();
    if (what[0] == 0) return none{};
    const std::string other = here.key() == "a" ? "b" : "a";
    for (number i = 0; i < what[1]; ++i) here.tell(pass(other, numbers{what[0] - 1, 1}));
    return none{};
  }
  result<number> how_many(none) const { return *count; }
};

result<number> double_it(number n, attempt_context& here) {
  examples::note("twice", here);
  return 2 * n;
}

task<std::string> run_errand(number n) {
  auto after = co_await add("errand", n);
  co_await tell(bump("errands", std::string("told")));
  auto seen = co_await read("errand");
  auto doubled = co_await twice(number{*after});
  auto name = co_await unique_id();
  co_await set_status(name);
  auto refused = co_await attempt(add("errand", number{-1'000'000}));
  co_await bump("errands", std::string("called"));
  co_return std::to_string(*doubled) + (*seen >= *after ? " read" : " stale") +
      (refused ? " taken " : " refused ") + name;
}

task<number> run_collect() {
  number sum = 0;
  for (;;) {
    auto n = co_await nudge();
    if (*n == 0) co_return sum;
    sum += *n;
  }
}

task<number> run_nap(number seconds) {
  co_await sleep(std::chrono::seconds(seconds));
  co_await tell(add("woken", number{1}));
  co_return seconds;
}

task<number> run_transfer(names ends) {
  auto held = co_await lock(tally(ends[0]), tally(ends[1]));
  auto had = co_await read(ends[0]);
  co_await add(ends[0], number{-1});
  co_await twice(*had);
  auto left = co_await read(ends[0]);
  co_await add(ends[1], number{1});
  co_return *left + 1 - *had;
}

task<number> run_hold(names all) {
  std::vector<actor_ref> tallies;
  for (const auto& name : all) tallies.push_back(tally(name));
  auto held = co_await lock(std::move(tallies));
  co_await set_status("held");
  auto n = co_await nudge();
  if (*n < 0) throw std::runtime_error("it is negative");
  co_return *n;
}

}  // namespace

application bound() {
  application app;
  app.bind(add, &tally_actor::add_up)
      .bind(read, &tally_actor::now_at)
      .bind(wipe, &tally_actor::wiped)
      .bind(stretch, &tally_actor::stretched)
      .bind(bump, &sheet_actor::bump_one)
      .bind(strike, &sheet_actor::strike_one)
      .bind(total, &sheet_actor::total_of)
      .bind(list, &sheet_actor::list_of)
      .bind(look, &sheet_actor::look_at)
      .bind(fill, &sheet_actor::fill_with)
      .bind(tear, &sheet_actor::tear_up)
      .bind(careless, &sheet_actor::bump_carelessly)
      .bind(fan, &hub_actor::fan_out)
      .bind(spread, &hub_actor::spread_out)
      .bind(remind, &hub_actor::remind_later)
      .bind(shower, &hub_actor::shower_on)
      .bind(shower_and_start, &hub_actor::shower_on_what_starts)
      .bind(alarms, &hub_actor::set_alarms)
      .bind(when, &hub_actor::what_time)
      .bind(take, &inbox_actor::take_one)
      .bind(seen, &inbox_actor::what_was_seen)
      .bind(pass, &relay_actor::pass_on)
      .bind(passed, &relay_actor::how_many)
      .bind(twice, double_it)
      .bind(nudge)
      .bind(errand, run_errand)
      .bind(collect, run_collect)
      .bind(nap, run_nap)
      .bind(transfer, run_transfer)
      .bind(hold, run_hold);
  return app;
}

namespace {

application bound_with_examples_but_the_shop() {
  auto app = bound();
  family::bind(app);
  examples::bank::bind(app);
  examples::monitor::bind(app);
  examples::tree::bind(app);
  examples::word_count::bind(app);
  examples::counter::bind(app);
  examples::cities::bind(app);
  examples::fan_out::bind(app);
  examples::approval::bind(app);
  examples::flaky::bind(app);
  return app;
}

}  // namespace

application bound_with_examples() {
  auto app = bound_with_examples_but_the_shop();
  examples::shop::bind(app);
  return app;
}

application bound_without_checkout() {
  namespace shop = examples::shop;
  auto app = bound_with_examples_but_the_shop();
  app.bind(shop::restock, &shop::shelf::restock)
      .bind(shop::reserve, &shop::shelf::reserve)
      .bind(shop::release, &shop::shelf::release)
      .bind(shop::get, &shop::shelf::get)
      .bind(shop::charge, shop::charge_card)
      .bind(shop::refund, shop::refund_card)
      .bind(shop::verdict);
  return app;
}

}  // namespace reprise::testing::parts
