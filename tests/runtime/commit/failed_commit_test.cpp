// A commit that was not written, and one of which nobody knows: what callers are told is true, and the
// node goes on, or has failed until it is opened again.

#include <boost/test/unit_test.hpp>

#include <map>
#include <vector>

#include "persistence/testing/faulty_store.hpp"
#include "tests/support/parts.hpp"
#include "tests/support/world.hpp"

using namespace reprise;
using namespace reprise::testing;
using namespace std::chrono_literals;
using persistence::internal::faulty_store;
using persistence::internal::mishap;
using persistence::internal::mishap_plan;

namespace {

std::unique_ptr<world> with_plan(std::uint64_t seed, mishap_plan plan) {
  auto w = std::make_unique<world>(seed, disk::memory, parts::bound, world::begins::down);
  w->wrap([plan](std::unique_ptr<persistence::store> inner) -> std::unique_ptr<persistence::store> {
    return std::make_unique<faulty_store>(std::move(inner), plan);
  });
  w->open();
  w->wrap({});
  return w;
}

// Adds 1 to tally "t<i>" for i < n, some at a time, and gives what each caller was told.
std::vector<world::answer_slot> add_to_many(world& w, int n, std::uint64_t seed) {
  std::vector<world::answer_slot> told;
  for (int i = 0; i < n; ++i) {
    told.push_back(w.ask(parts::add("t" + std::to_string(i), parts::number{1}).what()));
    for (std::uint64_t s = (seed + 3 * static_cast<std::uint64_t>(i)) % 11; s > 0; --s) w.step();
  }
  w.run();
  return told;
}

std::unique_ptr<persistence::store> first_commit_fails(std::unique_ptr<persistence::store> inner) {
  return std::make_unique<faulty_store>(std::move(inner), mishap_plan{1, mishap::not_written, 0});
}

constexpr activity<parts::number, parts::number> tripled{"tripled"};
constexpr orchestration<none, parts::number> triple{"triple"};

std::vector<parts::number> was_tripled;
result<parts::number> triple_it(parts::number n) {
  was_tripled.push_back(n);
  return 3 * n;
}

task<parts::number> run_triple() {
  auto n = co_await parts::nudge();
  auto three = co_await tripled(parts::number{*n});
  co_return *three;
}

application bound_with_triple() {
  auto app = parts::bound();
  app.bind(tripled, triple_it, speculative).bind(triple, run_triple);
  return app;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(failed_commits)

BOOST_AUTO_TEST_CASE(a_commit_that_is_not_written_is_not_applied_and_the_node_goes_on) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    auto w = with_plan(seed, {2 + seed % 7, mishap::not_written, seed % 4});
    const auto told = add_to_many(*w, 20, seed);
    BOOST_TEST(w->run_until([&] { return w->at().state() == node_state::ready; }));
    int refused = 0;
    for (std::size_t i = 0; i < told.size(); ++i) {
      BOOST_REQUIRE(told[i]->has_value());
      const bool applied = static_cast<bool>(**told[i]);
      if (!applied) BOOST_TEST(((**told[i]).error().why == cause::unavailable));
      refused += !applied;
      BOOST_TEST(*w->get(parts::read("t" + std::to_string(i))) == (applied ? 1 : 0));
    }
    BOOST_TEST(refused > 0);
    BOOST_TEST((w->at().state() != node_state::failed));
    BOOST_TEST(*w->get(parts::add("t0", parts::number{1})) >= 1);
  }
}

BOOST_AUTO_TEST_CASE(a_commit_with_unknown_outcome_fails_the_node_and_the_next_open_knows) {
  for (auto how : {mishap::unknown_kept, mishap::unknown_lost})
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
      auto w = with_plan(seed, {2 + seed % 7, how, 0});
      const auto told = add_to_many(*w, 20, seed);
      BOOST_TEST((w->at().state() == node_state::failed));
      BOOST_TEST((w->at().state() != node_state::ready));
      const auto refused = w->perform(parts::read("t0").what());
      BOOST_TEST((refused && !*refused && refused->error().why == cause::unknown_outcome));
      const auto unread = w->status("nobody");
      BOOST_TEST((unread && !*unread));
      w->crash();
      w->open();
      int unknown = 0, good = 0;
      for (std::size_t i = 0; i < told.size(); ++i) {
        BOOST_REQUIRE(told[i]->has_value());
        const auto is = *w->get(parts::read("t" + std::to_string(i)));
        if (**told[i]) {
          ++good;
          BOOST_TEST(is == 1);
          continue;
        }
        ++unknown;
        BOOST_TEST(((**told[i]).error().why == cause::unknown_outcome));
        BOOST_TEST(is <= 1);
      }
      BOOST_TEST(unknown > 0);
      if (seed % 7 > 1) BOOST_TEST(good > 0);  // what was durable before got its real answer
    }
}

// There is one alarm. A timer rings while the disk is full: it must not take the alarm from the probe.
BOOST_AUTO_TEST_CASE(timers_do_not_keep_the_disk_from_being_tried_again) {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    auto w = with_plan(seed, {0, mishap::none, 0});
    w->start(parts::nap.as("n", parts::number{3}));
    w->start(parts::nap.as("m", parts::number{9'000}));
    w->run();
    w->close();
    w->wrap([](std::unique_ptr<persistence::store> inner) -> std::unique_ptr<persistence::store> {
      return std::make_unique<faulty_store>(std::move(inner),
                                            mishap_plan{1, mishap::not_written, 3});
    });
    w->open();
    w->run();
    w->ask(parts::add("t", parts::number{1}).what());
    w->executor().advance_to_alarm();  // the timer, among all that the failed commit starts
    BOOST_TEST(w->run_until([&] { return w->at().state() == node_state::ready; }, 5s));
    w->advance(1min);
    BOOST_TEST((w->at().state() == node_state::ready));
    BOOST_TEST(*w->get(parts::read("woken")) == 1);
  }
}

// Set late, by who took its position before the failure: what it was for never happened.
BOOST_AUTO_TEST_CASE(a_timer_of_a_transition_that_was_lost_is_not_set) {
  auto w = with_plan(1, {3, mishap::not_written, 0});
  add_to_many(*w, 6, 1);
  auto& e = w->engine();
  const auto epoch = e.log.epoch();
  BOOST_TEST_REQUIRE(epoch > 0u);
  const auto set = [&](std::uint64_t of) {
    e.timers.set_back_off("n", {1, 7}, 3, w->now() + std::chrono::minutes(1), {of, 7});
    return e.timers.resident();
  };
  BOOST_TEST(set(epoch - 1) == 0u);
  BOOST_TEST(set(epoch) == 1u);
}

BOOST_AUTO_TEST_CASE(all_state_in_memory_is_rebuilt_after_a_group_that_was_not_written) {
  for (std::uint64_t k = 2; k <= 14; ++k) {
    auto w = with_plan(k, {k, mishap::not_written, k % 3});
    w->start(parts::errand.as("e", parts::number{7}));
    w->ask(parts::fan("h", parts::numbers{60, 0, 2}).what());
    w->run();
    BOOST_TEST(w->run_until([&] { return w->at().state() == node_state::ready; }));
    if (const auto s = w->status("e"); !s || !*s) w->start(parts::errand.as("e", parts::number{7}));
    BOOST_TEST(w->run_until([&] { return w->ended("e"); }));
    w->run();
    const auto seen = *w->get(parts::seen("in-0"));
    BOOST_TEST((seen[0] == 0 || seen[0] == 30));
    BOOST_TEST(seen[1] == 0);
    BOOST_TEST(*w->get(parts::read("errand")) == 7);
    BOOST_TEST(w->waiting_records() == 0u);
  }
}

BOOST_AUTO_TEST_CASE(a_term_is_used_once) {
  for (auto d : {disk::memory, disk::lmdb}) {
    world w(1, d, parts::bound);
    auto last = w.engine().store->term();
    for (int i = 0; i < 5; ++i) {
      w.crash();  // nothing was committed in this term but its beginning
      w.open();
      BOOST_TEST(w.engine().store->term() > last);
      last = w.engine().store->term();
      if (i % 2 == 0) w.get(parts::add("t", parts::number{1}));
    }
  }
  auto w = with_plan(1, {2, mishap::not_written, 2});
  const auto before = w->engine().log.term();
  w->ask(parts::add("t", parts::number{1}).what());
  BOOST_TEST(w->run_until(
      [&] { return w->engine().log.term() > before && w->at().state() == node_state::ready; }));
}

// A step that was never written, and whose activity had begun ahead of it: the step that has its number now
// is given its own result.
BOOST_AUTO_TEST_CASE(an_activity_begun_ahead_of_a_lost_step_does_not_answer_the_next_step) {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    world w(seed, disk::memory, bound_with_triple);
    w.start(triple.as("x"));
    w.run();
    w.close();
    w.wrap(first_commit_fails);
    w.open();
    const auto raise = [&](parts::number n) {
      auto told = std::make_shared<std::optional<result<>>>();
      w.at().instances().raise(parts::nudge.to("x", n), {},
                               [told](result<> r) { *told = std::move(r); });
      return told;
    };
    const auto lost = raise(1);
    while (!*lost || w.at().state() != node_state::ready)
      if (!w.step()) break;
    BOOST_REQUIRE((*lost && !**lost));
    BOOST_TEST(w.run_until([&] { return w.at().state() == node_state::ready; }, 5s));
    const auto taken = raise(2);
    BOOST_TEST(w.run_until([&] { return w.ended("x"); }, 5s));
    const auto s = w.status("x");
    BOOST_TEST(**codec<parts::number>::decode(*(**s).outcome.value()) == 6, seed);
  }
}

// The same twice: the one that has its number then waits for the first to stop, and is lost too. At whatever
// point that is, the third alone is run from there on.
BOOST_AUTO_TEST_CASE(an_activity_that_waits_ahead_of_a_lost_step_never_begins) {
  const generation g{1, 9};
  const auto asked = [](parts::number n) {
    runtime::records::request r;
    r.what.kind = event_kind::activity;
    r.what.name = tripled.name();
    r.what.value = codec<parts::number>::encode(value<parts::number>(n));
    return r;
  };
  for (std::uint64_t seed = 1; seed <= 20; ++seed)
    for (int steps = 0; steps < 10; ++steps) {
      world w(seed, disk::memory, bound_with_triple);
      w.run();
      auto& activities = w.engine().activities;
      activities.start_ahead("x", g, 1, asked(1));
      activities.disown();
      activities.start_ahead("x", g, 1, asked(2));
      for (int i = 0; i < steps; ++i) w.step();
      activities.disown();
      was_tripled.clear();
      activities.start_ahead("x", g, 1, asked(3));
      w.run();
      BOOST_TEST(was_tripled == std::vector<parts::number>{3}, boost::test_tools::per_element());
      BOOST_TEST(activities.of("x").empty());
      // Lost as well, with nobody after it.
      activities.start_ahead("x", g, 1, asked(4));
      activities.disown();
      activities.start_ahead("x", g, 1, asked(5));
      activities.disown();
      was_tripled.clear();
      w.run();
      BOOST_TEST(was_tripled.empty());
    }
}

// A dead letter that is tried again after a rewind has asked for its step anew.
BOOST_AUTO_TEST_CASE(a_request_of_an_earlier_round_does_not_stop_the_current_activity) {
  const generation g{1, 9};
  const auto asked = [](parts::number n, std::uint32_t round) {
    runtime::records::request r;
    r.what.kind = event_kind::activity;
    r.what.name = tripled.name();
    r.what.value = codec<parts::number>::encode(value<parts::number>(n));
    r.round = round;
    return r;
  };
  for (const std::uint32_t earlier : {0u, 6u}) {
    world w(1, disk::memory, bound_with_triple);
    w.run();
    was_tripled.clear();
    w.engine().activities.start("x", g, 1, asked(1, 7));
    w.engine().activities.start("x", g, 1, asked(2, earlier));
    w.run();
    BOOST_TEST(was_tripled == std::vector<parts::number>{1}, boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_SUITE_END()
