// What steers an instance: suspend, resume, rewind, restart, purge, versions, who may reuse an id, and
// starts that wait for their time.

#include <boost/test/unit_test.hpp>
#include <optional>

#include "actors/orchestration/child_id.hpp"
#include "persistence/keys.hpp"
#include "tests/support/family.hpp"
#include "tests/support/parts.hpp"

using namespace reprise;
using namespace reprise::testing;
using namespace reprise::testing::family;
using namespace std::chrono_literals;

namespace {

std::size_t steps_of(world& w, const std::string& id, event_kind kind) {
  std::size_t n = 0;
  for (const auto& e : page_of(w, id).history) n += e.kind == kind;
  return n;
}

bool is(world& w, const std::string& id, instance_state s) { return page_of(w, id).state == s; }

std::string start(world& w, const request& what) {
  const auto r = w.start(what);
  if (!r) return "no answer";
  return *r ? **r : std::string(to_string(r->error().why));
}

// What is stored under an id: nothing after a purge.
std::size_t records_of(world& w, const std::string& id) {
  persistence::load_request all;
  std::tie(all.first, all.last) = persistence::keys::history_of(id);
  all.keys = {persistence::keys::instance(id)};
  const auto a = w.engine().store->read(all);
  return a.entries.size() + a.values.front().has_value();
}

// Versions of one orchestration.
constexpr orchestration<none, std::string> tour{"tour"};
constexpr orchestration<none, std::string> tour_2{"tour.2"};
constexpr orchestration<number, number> ride{"ride"};
constexpr orchestration<number, number> ride_2{"ride.2"};

task<std::string> run_tour() {
  co_await coin();
  co_return "first";
}
task<std::string> run_tour_2() {
  co_await job("x");
  co_await coin();
  co_return "second";
}
task<number> run_ride(number n) {
  auto got = co_await coin();
  if (*got == 1) co_await continue_as_new(number{n + 1});
  if (*got == 2) co_await continue_as_new(ride(n + 1));
  co_return n;
}
task<number> run_ride_2(number n) {
  co_await coin();
  co_return 100 + n;
}
constexpr orchestration<none, number> peek{"peek"};
task<number> run_peek() {
  auto there = co_await parts::read("tally");
  co_return *there;
}
application with_peek() {
  auto app = parts::bound();
  app.bind(peek, run_peek);
  return app;
}

application with_first() {
  auto app = bound();
  app.bind(tour, run_tour).bind(ride, run_ride);
  return app;
}
application with_both() {
  auto app = with_first();
  app.bind(tour_2, run_tour_2).bind(ride_2, run_ride_2);
  return app;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(lifecycle)

BOOST_AUTO_TEST_CASE(a_suspended_instance_keeps_its_inputs_and_runs_no_code) {
  for (bool crash : {false, true}) {
    world w(1, disk::memory, bound);
    w.start(elder.as("e", "all:a,b,wait job:z"));
    BOOST_REQUIRE(static_cast<bool>(suspend(w, "e")));  // while results arrive
    w.run();
    BOOST_TEST(is(w, "e", instance_state::suspended));
    const auto page = page_of(w, "e");
    std::string waiting;
    for (const auto& e : page.history)
      if (e.kind == event_kind::child) waiting = internal::child_id(e, page.generation, 1);
    w.raise(coin.to(waiting, 9));
    w.run();
    if (crash) {
      w.crash();
      w.open();
      w.run();
    }
    BOOST_TEST(steps_of(w, "e", event_kind::activity) == 0u);
    BOOST_TEST(steps_of(w, "e", event_kind::answered) == 3u);
    BOOST_REQUIRE(static_cast<bool>(resume(w, "e")));
    w.run();
    BOOST_TEST(end_of(w, "e") == "completed: <a><b>9 z");
  }
}

BOOST_AUTO_TEST_CASE(events_of_a_suspended_instance_are_fed_in_order_and_in_slices) {
  world w(2, disk::memory, bound);
  w.start(purse.as("p", number{0}));
  w.run();
  BOOST_REQUIRE(static_cast<bool>(suspend(w, "p")));
  BOOST_REQUIRE(static_cast<bool>(suspend(w, "p")));  // again: done
  for (int i = 0; i < 700; ++i)
    w.at().instances().raise(event_to("p", "coin", codec<number>::encode(number{1})), {},
                             [](auto) {});
  w.run();
  BOOST_TEST(history_of(w, "p") > 700u);
  BOOST_REQUIRE(static_cast<bool>(resume(w, "p")));
  BOOST_REQUIRE(static_cast<bool>(resume(w, "p")));
  w.run();
  w.raise(coin.to("p", 0));
  w.run();
  BOOST_TEST(end_of(w, "p") == "completed: 700");
}

BOOST_AUTO_TEST_CASE(a_suspended_instance_can_be_terminated) {
  world w(3, disk::memory, bound);
  w.start(kid.as("k", "wait"));
  w.run();
  BOOST_REQUIRE(static_cast<bool>(suspend(w, "k")));
  BOOST_REQUIRE(static_cast<bool>(terminate(w, "k", children::left_alone)));
  BOOST_TEST(end_of(w, "k") == "terminated: why");
  const auto late = resume(w, "k");
  BOOST_TEST((!late && late.error().why == cause::gone));
  const auto nobody = suspend(w, "nobody");
  BOOST_TEST((!nobody && nobody.error().why == cause::not_found));
}

BOOST_AUTO_TEST_CASE(a_rewind_does_only_what_failed_again) {
  for (bool crash : {false, true}) {
    broken("b", true);
    world w(4, disk::memory, bound);
    w.start(elder.as("e", "job:a job:b job:c"));
    w.run();
    BOOST_TEST(end_of(w, "e") == "failed: b is broken");
    broken("b", false);
    BOOST_REQUIRE(static_cast<bool>(rewind(w, "e")));
    if (crash) {
      w.crash();
      w.open();
    }
    w.run();
    BOOST_TEST(end_of(w, "e") == "completed: a b c");
    BOOST_TEST(steps_of(w, "e", event_kind::activity) == 3u);  // not four: b is the same step
    BOOST_TEST(w.waiting_records() == 0u);
    const auto again = rewind(w, "e");
    BOOST_TEST((!again && again.error().why == cause::invalid));
  }
}

BOOST_AUTO_TEST_CASE(a_rewind_goes_into_failed_children) {
  broken("b", true);
  broken("c", true);
  world w(5, disk::lmdb, bound);
  w.start(elder.as("e", "kid:a all:b,c,d kid:f"));
  w.run();
  BOOST_TEST(end_of(w, "e") == "failed: b is broken");
  broken("b", false);
  BOOST_REQUIRE(static_cast<bool>(rewind(w, "e")));
  w.run();
  BOOST_TEST(end_of(w, "e") == "failed: c is broken");  // still: and again
  broken("c", false);
  BOOST_REQUIRE(static_cast<bool>(rewind(w, "e")));
  w.run();
  BOOST_TEST(end_of(w, "e") == "completed: <a> <b><c><d> <f>");
  BOOST_TEST(steps_of(w, "e", event_kind::child) == 5u);
  BOOST_TEST(w.waiting_records() == 0u);
}

BOOST_AUTO_TEST_CASE(a_restart_is_the_same_once_more) {
  world w(6, disk::memory, bound);
  w.start(elder.as("e", "job:a"));
  w.run();
  const auto there = restart(w, "e", "f");
  BOOST_REQUIRE(static_cast<bool>(there));
  BOOST_TEST(*there == "f");
  w.run();
  BOOST_TEST(end_of(w, "f") == "completed: a");
  const auto before = page_of(w, "e").generation;
  BOOST_REQUIRE(static_cast<bool>(restart(w, "e", "e")));
  w.run();
  BOOST_TEST(end_of(w, "e") == "completed: a");
  BOOST_TEST((page_of(w, "e").generation != before));
  w.start(kid.as("k", "wait"));
  w.run();
  const auto running = restart(w, "k", "k");
  BOOST_TEST((!running && running.error().why == cause::exists));
}

// Whatever else is under way when the old one answers.
BOOST_AUTO_TEST_CASE(a_client_told_of_a_restart_finds_the_new_instance) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    world w(seed, disk::memory, bound);
    w.start(elder.as("e", "job:a"));
    w.run();
    std::optional<result<instance_status>> seen;
    w.at().instances().restart("e", "f", {}, [&](const result<std::string>& started) {
      if (!started) return;
      w.at().instances().status(*started, with_history::no,
                                [&](result<instance_status> s) { seen = std::move(s); });
    });
    w.run();
    BOOST_TEST_REQUIRE(seen.has_value());
    BOOST_TEST_REQUIRE(static_cast<bool>(*seen), "seed " << seed);
  }
}

BOOST_AUTO_TEST_CASE(a_purge_leaves_nothing) {
  world w(7, disk::lmdb, bound);
  w.start(elder.as("e", "as:x:a as:y:b"));
  w.start(kid.as("k", "wait"));
  w.run();
  const auto running = purge(w, "k");
  BOOST_TEST((!running && running.error().why == cause::exists));
  BOOST_TEST(records_of(w, "e") > 0u);
  BOOST_REQUIRE(static_cast<bool>(purge(w, "e", children::included)));
  w.run();
  for (const auto* id : {"e", "x", "y"}) {
    BOOST_TEST(records_of(w, id) == 0u);
    BOOST_TEST(end_of(w, id) == "not_found");
  }
  const auto again = purge(w, "e");
  BOOST_TEST((!again && again.error().why == cause::not_found));
}

BOOST_AUTO_TEST_CASE(a_purge_leaves_an_instance_that_reuses_the_id_of_a_child) {
  world w(8, disk::memory, bound);
  w.start(elder.as("e", "as:x:a as:y:b"));
  w.run();
  w.start(kid.as("x", "again"));  // nobody's child
  w.run();
  BOOST_TEST(end_of(w, "x") == "completed: <again>");
  BOOST_REQUIRE(static_cast<bool>(purge(w, "e", children::included)));
  w.run();
  BOOST_TEST(end_of(w, "e") == "not_found");
  BOOST_TEST(end_of(w, "y") == "not_found");
  BOOST_TEST(end_of(w, "x") == "completed: <again>");
}

BOOST_AUTO_TEST_CASE(the_reuse_policy_of_a_start_decides_whether_a_used_id_is_taken) {
  world w(8, disk::memory, bound);
  BOOST_TEST(start(w, kid.as("k", "wait")) == "k");
  w.run();
  BOOST_TEST(start(w, kid.as("k", "x")) == "exists");
  BOOST_TEST(start(w, kid.as("k", "wait").reusing(id_reuse::of_running)) == "k");
  w.raise(coin.to("k", 1));
  w.run();
  BOOST_TEST(end_of(w, "k") == "completed: 1");
  BOOST_TEST(start(w, kid.as("k", "x").reusing(id_reuse::never)) == "exists");
  BOOST_TEST(start(w, kid.as("k", "x")) == "k");
}

BOOST_AUTO_TEST_CASE(a_start_waits_for_its_time) {
  for (bool crash : {false, true}) {
    world w(9, disk::memory, bound);
    const auto due = w.now() + 30 * 24h;
    w.start(elder.as("e", "job:a").not_before(due));
    w.start(elder.as("ended", "job:a").not_before(due));
    w.run();
    BOOST_TEST(is(w, "e", instance_state::pending));
    BOOST_REQUIRE(static_cast<bool>(terminate(w, "ended", children::left_alone)));
    if (crash) {
      w.crash();
      w.open();
    }
    w.run_until([&] { return w.ended("e"); }, 40 * 24h);
    BOOST_TEST(end_of(w, "e") == "completed: a");
    BOOST_TEST((w.now() >= due));
    BOOST_TEST(end_of(w, "ended") == "terminated: why");
    BOOST_TEST(w.waiting_records() == 0u);
  }
}

BOOST_AUTO_TEST_CASE(instances_stay_on_their_version) {
  world w(10, disk::memory, with_first);
  BOOST_TEST(start(w, tour.as("old")) == "old");
  w.run();
  w.close();
  w.bind(with_both);
  w.open();
  BOOST_TEST(start(w, tour.as("new")) == "new");        // the newest
  BOOST_TEST(start(w, tour_2.as("named")) == "named");  // the one it names
  auto first = tour.as("first").what();
  first.name = "tour.1";
  BOOST_TEST(start(w, first) == "first");
  w.run();
  for (const auto* id : {"old", "new", "named", "first"}) w.raise(coin.to(id, 1));
  w.run();
  BOOST_TEST(end_of(w, "old") == "completed: first");
  BOOST_TEST(end_of(w, "new") == "completed: second");
  BOOST_TEST(end_of(w, "named") == "completed: second");
  BOOST_TEST(end_of(w, "first") == "completed: first");
  BOOST_REQUIRE(static_cast<bool>(restart(w, "old", "old")));  // of the same version
  w.run();
  BOOST_TEST(page_of(w, "old").orchestration == "tour");
}

BOOST_AUTO_TEST_CASE(an_instance_that_continues_as_new_may_move_to_the_newest_version) {
  world w(11, disk::memory, with_both);
  auto first = ride.as("r", number{0}).what();
  first.name = "ride.1";
  BOOST_TEST(start(w, first) == "r");
  w.raise(coin.to("r", 1));  // the same body
  w.run();
  BOOST_TEST(page_of(w, "r").orchestration == "ride");
  w.raise(coin.to("r", 2));  // by its name: the newest
  w.run();
  BOOST_TEST(page_of(w, "r").orchestration == "ride.2");
  w.raise(coin.to("r", 0));
  w.run();
  BOOST_TEST(end_of(w, "r") == "completed: 102");
}

BOOST_AUTO_TEST_CASE(a_version_that_is_gone_stalls_and_comes_back) {
  world w(12, disk::memory, with_both);
  w.start(tour.as("t"));
  w.run();
  w.close();
  w.bind(with_first);
  w.open();
  w.raise(coin.to("t", 1));  // found out when it is looked for
  w.run();
  BOOST_TEST(is(w, "t", instance_state::stalled));
  w.close();
  w.bind(with_both);
  w.open();
  w.run();
  BOOST_TEST(end_of(w, "t") == "completed: second");
}

BOOST_AUTO_TEST_CASE(a_read_that_was_lost_while_suspended_is_sent_again) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    world w(seed, disk::memory, with_peek);
    w.start(peek.as("p"));
    for (std::uint64_t i = 0; i < seed % 4; ++i) w.step();
    if (!suspend(w, "p")) continue;  // it has ended
    w.crash();
    w.open();
    w.run();
    BOOST_REQUIRE(static_cast<bool>(resume(w, "p")));
    w.run();
    BOOST_TEST(end_of(w, "p") == "completed: 0");
    BOOST_TEST(w.waiting_records() == 0u);
  }
}

BOOST_AUTO_TEST_CASE(a_restart_happens_once_per_key) {
  world w(14, disk::memory, bound);
  w.start(kid.as("k", "x"));
  w.run();
  const auto first = page_of(w, "k").generation;
  ask_options once;
  once.once = idempotency{"", "key", 1};
  const auto again = [&] {
    const auto r = answer<std::string>(
        w, [&](auto told) { w.at().instances().restart("k", "k", once, std::move(told)); });
    BOOST_REQUIRE((r && *r));
    w.run();
    return page_of(w, "k").generation;
  };
  const auto second = again();
  BOOST_TEST((second != first));
  BOOST_TEST((again() == second));
}

// As over HTTP: the one whose id it shall have is asked.
BOOST_AUTO_TEST_CASE(a_restart_under_an_id_that_another_has_is_refused_while_that_runs) {
  world w(16, disk::memory, bound);
  w.start(kid.as("ended", "x"));
  w.start(kid.as("runs", "wait"));
  w.run();
  const auto before = page_of(w, "runs").generation;
  const auto refused = restart(w, "ended", "runs");
  BOOST_TEST((!refused && refused.error().why == cause::exists));
  w.run();
  BOOST_TEST((page_of(w, "runs").generation == before));
  w.raise(coin.to("runs", 1));
  w.run();
  BOOST_REQUIRE(static_cast<bool>(restart(w, "ended", "runs")));  // it has ended: replaced
  w.run();
  BOOST_TEST(end_of(w, "runs") == "completed: <x>");
}

BOOST_AUTO_TEST_CASE(a_key_of_a_restart_is_that_of_the_new_id) {
  world w(17, disk::memory, bound);
  for (const auto* id : {"a", "b"}) w.start(kid.as(id, id));
  w.run();
  ask_options once;
  once.once = idempotency{"", "key", 1};
  const auto again = [&](const std::string& from) {
    return *answer<std::string>(
        w, [&](auto told) { w.at().instances().restart(from, "c", once, told); });
  };
  BOOST_REQUIRE(static_cast<bool>(again("a")));
  w.run();
  const auto first = page_of(w, "c").generation;
  const auto other = again("b");  // the same key for another restart
  BOOST_TEST((!other && other.error().why == cause::mismatch));
  BOOST_REQUIRE(static_cast<bool>(purge(w, "a")));
  BOOST_REQUIRE(static_cast<bool>(again("a")));  // done before; the old one need not be there
  w.run();
  BOOST_TEST((page_of(w, "c").generation == first));
}

BOOST_AUTO_TEST_CASE(an_orchestration_that_is_not_bound_any_more_is_not_restarted) {
  world w(18, disk::memory, bound);
  w.start(kid.as("k", "x"));
  w.run();
  w.close();
  w.bind(parts::bound);
  w.open();
  const auto before = page_of(w, "k").generation;
  for (const auto* id : {"k", "new"}) {
    const auto refused = restart(w, "k", id);
    BOOST_TEST((!refused && refused.error().why == cause::unbound));
  }
  BOOST_TEST((page_of(w, "k").generation == before));
}

BOOST_AUTO_TEST_CASE(events_kept_by_a_suspended_instance_are_bounded) {
  world w(15, disk::memory, with_peek);
  w.start(parts::collect.as("c"));
  w.run();
  BOOST_REQUIRE(static_cast<bool>(suspend(w, "c")));
  const payload big(std::string(std::size_t{1} << 20, 'x'));
  int taken = 0;
  for (int i = 0; i < 8; ++i) {
    std::optional<result<>> r;
    w.at().instances().raise(event_to("c", "nudge", big), {},
                             [&](result<> told) { r = std::move(told); });
    w.run();
    BOOST_TEST_REQUIRE(r.has_value());
    taken += static_cast<bool>(*r);
    if (!*r) BOOST_TEST((r->error().why == cause::limit));
  }
  BOOST_TEST(taken == 4);
}

// Nobody would ever take it away: a purge too is of what the header names.
BOOST_AUTO_TEST_CASE(a_start_over_an_ended_instance_takes_its_history_away) {
  world w(1, disk::memory, bound);
  BOOST_TEST(start(w, elder.as("e", "job:a job:b").what()) == "e");
  BOOST_TEST(w.run_until([&] { return w.ended("e"); }));
  BOOST_TEST(start(w, elder.as("e", "job:c").what()) == "e");
  BOOST_TEST(w.run_until([&] { return w.ended("e"); }));
  const auto now = page_of(w, "e").generation;
  persistence::load_request all;
  std::tie(all.first, all.last) = persistence::keys::history_of("e");
  const auto stored = w.engine().store->read(all).entries;
  BOOST_TEST(!stored.empty());
  for (const auto& [key, value] : stored) {
    const auto where = *persistence::keys::read_event(key);
    BOOST_TEST((where.gen_term == now.term && where.gen_position == now.position));
  }
}

BOOST_AUTO_TEST_SUITE_END()
