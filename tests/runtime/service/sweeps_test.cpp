// What grows old goes, however much there is and whoever has it, and what is still wanted stays.

#include <boost/test/unit_test.hpp>

#include "persistence/keys.hpp"
#include "persistence/testing/faulty_store.hpp"
#include "runtime/node/engine.hpp"
#include "tests/support/family.hpp"
#include "tests/support/parts.hpp"

using namespace reprise;
using namespace reprise::testing;
using namespace std::chrono_literals;

namespace {

ask_options once(const std::string& key) { return {idempotency{"ann", key, 1}}; }

void add(world& w, const std::string& tally, const std::string& key) {
  w.at().perform(parts::add(tally, parts::number{1}).what(), once(key), [](const auto&) {});
}

sweep_figures figures_of(world& w, const std::string& name) {
  for (auto& one : w.at().operate().figures().sweeps)
    if (one.name == name) return one;
  BOOST_FAIL("no sweep " << name);
  return {};
}

constexpr auto a_day_and_more = 25h;

}  // namespace

BOOST_AUTO_TEST_SUITE(old_keys)

BOOST_AUTO_TEST_CASE(more_old_keys_of_one_actor_than_a_slice_are_swept) {
  world w(1, disk::memory, parts::bound);
  for (int i = 0; i < 1'500; ++i) {
    add(w, "t", "k" + std::to_string(i));
    if (i % 500 == 499)
      w.run();  // a mailbox takes no more from outside than limits::mailbox_resident
  }
  BOOST_TEST(w.count(persistence::table::dedup) == 3'000u);
  w.advance(23h);
  BOOST_TEST(w.count(persistence::table::dedup) == 3'000u);
  w.advance(2h);
  BOOST_TEST(w.count(persistence::table::dedup) == 0u);
  BOOST_TEST(*w.get(parts::read("t")) == 1'500);
  BOOST_TEST(figures_of(w, "idempotency_keys").gone == 1'500u);
  BOOST_TEST(figures_of(w, "idempotency_keys").overdue.count() == 0);
}

// In memory or not makes no difference, and none is activated for it.
BOOST_AUTO_TEST_CASE(old_keys_of_many_hosts_are_swept) {
  for (const bool resident : {true, false}) {
    world w(2, disk::memory, parts::bound);
    for (int i = 0; i < 2'500; ++i) add(w, "t" + std::to_string(i), "k");
    for (int i = 0; i < 100; ++i)
      w.start(parts::nap.as("n" + std::to_string(i), parts::number{100 * 3600}), once("k"));
    w.run();
    if (!resident) w.forget();
    const auto hosts = w.engine().hosts.size();
    BOOST_TEST((hosts > 0) == resident);
    w.advance(a_day_and_more);
    BOOST_TEST(w.count(persistence::table::dedup) == 0u);
    BOOST_TEST(w.engine().hosts.size() == hosts);
  }
}

// It was old and is used again before it is swept: it is remembered from then on.
BOOST_AUTO_TEST_CASE(a_key_that_is_used_again_stays) {
  world w(3, disk::memory, parts::bound);
  const auto use_all = [&](duration between) {
    for (int i = 0; i < 40; ++i) {
      add(w, "t" + std::to_string(i), "k");
      w.start(parts::nap.as("n" + std::to_string(i), parts::number{1}), once("k"));
      w.advance(between);
    }
  };
  use_all(11s);
  w.advance(24h - 40 * 11s + 30s);
  use_all(11s);  // each a day and half a minute old, some swept and some not
  w.advance(12h);
  for (int i = 0; i < 40; ++i) BOOST_TEST(*w.get(parts::read("t" + std::to_string(i))) == 2);
  BOOST_TEST(w.count(persistence::table::dedup) == 2 * 2 * 40u);
  use_all(0s);
  w.run();
  for (int i = 0; i < 40; ++i) BOOST_TEST(*w.get(parts::read("t" + std::to_string(i))) == 2);
  BOOST_TEST(*w.get(parts::read("woken")) == 80);
}

// Of each key one effect a day, whatever runs beside the sweep.
BOOST_AUTO_TEST_CASE(a_sweep_and_calls_with_its_keys_may_run_in_any_order) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    world w(seed, disk::memory, parts::bound);
    for (int day = 1; day <= 3; ++day) {
      for (int again = 0; again < 3; ++again)
        for (int i = 0; i < 30; ++i) add(w, "t" + std::to_string(i % 7), "k" + std::to_string(i));
      for (std::uint64_t i = 0; i < 50 * seed; ++i) w.step();
      if (seed % 3 == 0) w.forget();
      w.run();
      parts::number sum = 0;
      for (int i = 0; i < 7; ++i) sum += *w.get(parts::read("t" + std::to_string(i)));
      BOOST_TEST(sum == 30 * day);
      w.advance(24h + 1ns);  // old, and mostly not swept
    }
  }
}

// What cannot be read this time does not hold up the rest for ever, and is shown as late.
BOOST_AUTO_TEST_CASE(a_round_that_fails_is_followed_by_another) {
  persistence::internal::faulty_store* store = nullptr;
  world w(4, disk::memory, parts::bound);
  w.crash();
  w.wrap([&](std::unique_ptr<persistence::store> inner) {
    auto outer = std::make_unique<persistence::internal::faulty_store>(
        std::move(inner), persistence::internal::mishap_plan{});
    store = outer.get();
    return outer;
  });
  w.open();
  for (int i = 0; i < 1'500; ++i) add(w, "t" + std::to_string(i % 3), "k" + std::to_string(i));
  w.run();
  w.advance(24h - 1min);
  store->fail_reads(1'000'000);
  w.advance(4min);
  store->fail_reads(0);
  BOOST_TEST(w.count(persistence::table::dedup) == 3'000u);
  w.advance(1h);
  BOOST_TEST(w.count(persistence::table::dedup) == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
