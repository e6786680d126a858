// A node that lives a year and more, with the same work every day: what it holds after 400 days is what it
// held after 40. REPRISE_KEYS says how many idempotency keys are used in all; from 1,000,000 on, the disk is
// a real one.

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <iostream>

#include "persistence/keys.hpp"
#include "persistence/probe.hpp"
#include "runtime/node/engine.hpp"
#include "tests/support/family.hpp"
#include "tests/support/parts.hpp"

using namespace reprise;
using namespace reprise::testing;
using namespace std::chrono_literals;

namespace {

constexpr std::uint64_t days = 400;

std::uint64_t keys_in_all() {
  const char* text = std::getenv("REPRISE_KEYS");
  return text ? std::strtoull(text, nullptr, 10) : 20'000;
}

application everything() {
  auto app = parts::bound();
  family::bind(app);
  return app;
}

ask_options once(std::uint64_t day, std::uint64_t n) {
  return {idempotency{"ann", std::to_string(day) + '.' + std::to_string(n), 1}};
}

// What the work of one day leaves: the same every day.
void work(world& w, std::uint64_t day, std::uint64_t keys) {
  const auto of = [&](const std::string& name, std::uint64_t n) {
    return name + std::to_string(day) + '.' + std::to_string(n);
  };
  const auto ignore = [](const auto&) {};
  for (std::uint64_t n = 0; n < keys; ++n) {
    const auto who = n % 2 ? "busy" : "quiet" + std::to_string(n % 100);
    w.at().perform(parts::add(who, parts::number{1}).what(), once(day, n), ignore);
  }
  for (std::uint64_t n = 0; n < 5; ++n) {
    w.at().start(parts::nap.as(of("nap", n), parts::number{3600}), once(day, n), ignore);
    w.at().start(parts::errand.as(of("errand", n), parts::number{1}), {}, ignore);
    w.at().start(parts::transfer.as(of("transfer", n), parts::names{"left", "right"}), {}, ignore);
    w.at().start(family::kid.as(of("wait", n), "wait"), {}, ignore);
    w.at().perform(parts::remind(of("", n), std::string("later")).what(), {}, ignore);
    w.at().instances().raise(family::coin.to("purse", 1), {}, ignore);
  }
  w.run();
  for (std::uint64_t n = 0; n < 5; ++n) w.terminate(of("wait", n), "enough");
}

struct holding {
  std::array<std::size_t, persistence::table_count> records{};
  std::size_t hosts = 0, bytes = 0, timers = 0;
  std::uintmax_t folder = 0;
};

holding held_by(world& w) {
  holding h;
  for (std::uint8_t t = 1; t < persistence::table_count; ++t)
    h.records[t] = w.count(static_cast<persistence::table>(t));
  const auto now = w.at().operate().figures();
  h.hosts = now.resident;
  h.bytes = now.resident_bytes;
  h.timers = now.timers;
  if (!w.folder().empty()) h.folder = persistence::bytes_below(w.folder());
  return h;
}

// Some of one day is still there at one time and not at the other.
bool as_much(std::size_t then, std::size_t now) { return now <= then + then / 20 + 20; }

}  // namespace

BOOST_AUTO_TEST_SUITE(a_long_life, *boost::unit_test::label("year"))

BOOST_AUTO_TEST_CASE(a_node_holds_after_400_days_what_it_held_after_40) {
  const auto keys = keys_in_all();
  world w(1, keys < 1'000'000 ? disk::memory : disk::lmdb, everything);
  w.keep({.completed = 7 * 24h, .failed = 7 * 24h, .terminated = 3 * 24h});
  w.crash();
  w.open();
  w.start(family::purse.as("purse", family::number{0}));
  w.get(parts::add("left", parts::number{10'000}));
  holding then, now;
  for (std::uint64_t day = 0; day <= days; ++day) {
    work(w, day, std::max<std::uint64_t>(keys / days, 1));
    w.advance(24h);
    if (day == 40) then = held_by(w);
  }
  now = held_by(w);
  for (std::uint8_t t = 1; t < persistence::table_count; ++t)
    BOOST_TEST(as_much(then.records[t], now.records[t]), persistence::table_name(t)
                                                             << ": " << then.records[t] << ", then "
                                                             << now.records[t]);
  // Hosts of actors stay while memory is to spare: each day has some that were not there before.
  BOOST_TEST(as_much(then.timers, now.timers),
             "timers: " << then.timers << ", then " << now.timers);
  BOOST_TEST(now.folder <= 2 * then.folder, "folder: " << then.folder << ", then " << now.folder);
  for (const auto& sweep : w.at().operate().figures().sweeps)
    BOOST_TEST(sweep.overdue < 10min, sweep.name << " is late");
  for (const auto& line : w.said) BOOST_ERROR("said: " << line);
  std::cout << "a long life: " << days << " days, " << keys << " keys, " << now.hosts << " hosts, "
            << now.bytes << " bytes, folder " << now.folder << '\n';
}

BOOST_AUTO_TEST_SUITE_END()
