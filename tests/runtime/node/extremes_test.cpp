// The shortest and the longest, the earliest and the latest: every call that takes a duration or a time
// takes all of them. What is over is over at once, what never comes is waited for; nothing wraps.

#include <array>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "actors/reprise.hpp"
#include "runtime/handle.hpp"
#include "tests/support/world.hpp"

using namespace reprise;
using namespace reprise::testing;
using namespace std::chrono_literals;

namespace {

using number = std::int64_t;
using ends = std::numeric_limits<number>;
constexpr std::array over_now{ends::min(), ends::min() + 1, number{-1}, number{0}, number{1}};
constexpr std::array never_over{ends::max() - 1, ends::max()};

constexpr actor<number> bell{"bell"};
constexpr operation<number, none, number> ring{bell, "ring"};
constexpr operation<number, none, number> rung{bell, "rung"};
constexpr operation<number, number, none> ring_at{bell, "ring_at"};
constexpr orchestration<number, number> sleeper{"sleeper"};
constexpr orchestration<number, number> hurried{"hurried"};
constexpr orchestration<number, number> patient{"patient"};
constexpr activity<number, number> fails{"fails"};
constexpr event<number> go{"go"};
constexpr orchestration<none, number> waiter{"waiter"};

struct bell_actor {
  state<number> times;
  result<number> rings(none) { return ++times.edit(); }
  result<number> has_rung(none) const { return *times; }
  result<none> rings_at(number at, turn& here) {
    here.tell(ring("told"), time_point(duration(at)));
    return none{};
  }
};

result<number> fail_always(number) { return fail("not yet"); }

task<number> run_sleeper(number ns) {
  co_await sleep(duration(ns));
  co_return ns;
}
// A child that never ends, for so long.
task<number> run_hurried(number ns) {
  auto end = co_await attempt(waiter().within(duration(ns)));
  co_return number{end ? 1 : 0};
}
task<number> run_patient(number ns) {
  auto end = co_await attempt(
      fails(number{1}).with({.attempts = 2, .first = duration(ns), .max = duration(ns)}));
  co_return number{end ? 1 : 0};
}
task<number> run_waiter() {
  auto n = co_await go();
  co_return *n;
}

application bound() {
  application app;
  app.bind(ring, &bell_actor::rings)
      .bind(rung, &bell_actor::has_rung)
      .bind(ring_at, &bell_actor::rings_at)
      .bind(sleeper, run_sleeper)
      .bind(hurried, run_hurried)
      .bind(patient, run_patient)
      .bind(waiter, run_waiter)
      .bind(go)
      .bind(fails, fail_always);
  return app;
}

// Has `id` ended a second later, after a restart too?
bool ends_at_once(world& w, const std::string& id) {
  w.advance(1s);
  const bool ended = w.ended(id);
  w.crash();
  w.open();
  w.advance(10min);
  BOOST_TEST(w.ended(id) == ended);
  BOOST_TEST(*w.get(ring("a")) > 0);  // it works on
  return ended;
}

// An orchestration that is given a duration.
void check(const orchestration<number, number>& what) {
  for (const auto ns : over_now) {
    world w(1, disk::memory, bound);
    BOOST_REQUIRE(*w.start(what.as("o", number{ns})));
    BOOST_TEST(ends_at_once(w, "o"), ns);
  }
  for (const auto ns : never_over) {
    world w(1, disk::memory, bound);
    BOOST_REQUIRE(*w.start(what.as("o", number{ns})));
    BOOST_TEST(!ends_at_once(w, "o"), ns);
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(extremes)

BOOST_AUTO_TEST_CASE(a_sleep_of_extreme_length_ends_at_once_or_never) { check(sleeper); }
BOOST_AUTO_TEST_CASE(a_pause_of_extreme_length_before_an_attempt_ends_at_once_or_never) {
  check(patient);
}

BOOST_AUTO_TEST_CASE(a_time_limit_of_extreme_length_ends_at_once_or_never) {
  for (const auto ns : {number{1}, ends::max() - 1, ends::max()}) {
    world w(1, disk::memory, bound);
    BOOST_REQUIRE(*w.start(hurried.as("o", number{ns})));
    BOOST_TEST(ends_at_once(w, "o") == (ns == 1), ns);
  }
}

BOOST_AUTO_TEST_CASE(a_start_at_an_extreme_time_begins_at_once_or_never) {
  for (const auto ns : over_now) {
    world w(1, disk::memory, bound);
    BOOST_REQUIRE(*w.start(sleeper.as("o", number{0}).not_before(time_point(duration(ns))).what()));
    BOOST_TEST(ends_at_once(w, "o"), ns);
  }
  for (const auto ns : never_over) {
    world w(1, disk::memory, bound);
    BOOST_REQUIRE(*w.start(sleeper.as("o", number{0}).not_before(time_point(duration(ns))).what()));
    BOOST_TEST(!ends_at_once(w, "o"), ns);
  }
}

BOOST_AUTO_TEST_CASE(a_tell_due_at_an_extreme_time_is_delivered_at_once_or_never) {
  for (const auto& table : {std::vector<number>(over_now.begin(), over_now.end()),
                            std::vector<number>(never_over.begin(), never_over.end())})
    for (const auto ns : table) {
      world w(1, disk::memory, bound);
      w.get(ring_at("a", number{ns}));
      w.advance(10min);
      w.crash();
      w.open();
      w.advance(10min);
      BOOST_TEST(*w.get(rung("told")) == (ns > 1 ? 0 : 1), ns);
    }
}

BOOST_AUTO_TEST_CASE(a_purge_with_an_extreme_time_limit_does_at_least_a_first_slice) {
  for (const auto ns :
       {ends::min(), number{-1}, number{0}, number{1}, ends::max() - 1, ends::max()}) {
    world w(1, disk::memory, bound);
    BOOST_REQUIRE(*w.start(sleeper.as("o", number{0})));
    w.advance(1s);
    std::optional<result<purge_report>> told;
    w.at().operate().purge({}, duration(ns), [&](auto r) { told = std::move(r); });
    w.run();
    BOOST_REQUIRE((told && *told));
    BOOST_TEST((*told)->purged == 1u, ns);  // a first slice is done in any case
    BOOST_TEST((*told)->complete, ns);
  }
}

BOOST_AUTO_TEST_CASE(a_list_filter_takes_extreme_times) {
  world w(1, disk::memory, bound);
  BOOST_REQUIRE(*w.start(sleeper.as("o", number{0})));
  w.advance(1s);
  const auto found = [&](instance_filter f) {
    std::optional<result<instance_page>> told;
    w.at().instances().list(std::move(f), {"", 10}, [&](auto r) { told = std::move(r); });
    w.run();
    return (**told).instances.size();
  };
  for (const auto ns : {ends::min(), number{-1}, number{0}, ends::max() - 1, ends::max()}) {
    const time_point t{duration(ns)};
    const std::size_t late = ns > 0 ? 1 : 0;
    BOOST_TEST(found({.created_from = t}) == 1 - late, ns);
    BOOST_TEST(found({.created_to = t}) == late, ns);
    BOOST_TEST(found({.updated_before = t}) == late, ns);
  }
}

BOOST_AUTO_TEST_CASE(an_ended_instance_with_an_extreme_retention_time_is_kept) {
  for (const auto ns : {ends::min(), number{-1}, number{0}, ends::max() - 1, ends::max()}) {
    world w(1, disk::memory, bound);
    w.close();
    w.keep({duration(ns), duration(ns), duration(ns)});
    w.open();
    BOOST_REQUIRE(*w.start(sleeper.as("o", number{0})));
    w.advance(1h);
    BOOST_TEST(static_cast<bool>(*w.status("o")), ns);
  }
}

BOOST_AUTO_TEST_CASE(a_wait_of_extreme_length_for_an_answer_ends_at_once_or_with_it) {
  for (const auto ns : {ends::min(), number{-1}, number{0}, number{1}}) {
    handle<number> nobody;
    BOOST_TEST(!nobody.wait_for(duration(ns)), ns);
  }
  for (const auto ns : never_over) {
    handle<number> answer;
    std::thread answers([answer] { answer.set(number{5}); });
    BOOST_TEST(**answer.wait_for(duration(ns)) == 5, ns);
    answers.join();
  }
}

BOOST_AUTO_TEST_CASE(a_run_of_the_world_takes_extreme_lengths_of_time) {
  world w(1, disk::memory, bound);
  BOOST_REQUIRE(*w.start(sleeper.as("o", number{1'000})));
  BOOST_TEST(w.run_until([&] { return w.ended("o"); }, duration::max()));
  BOOST_REQUIRE(*w.start(sleeper.as("p", number{1'000})));
  BOOST_TEST(!w.run_until([&] { return w.ended("p"); }, duration::min()));
}

BOOST_AUTO_TEST_SUITE_END()
