// Orchestrations that start orchestrations: histories of their own, ids that never collide, failures
// carried up, the end of a parent.

#include <boost/test/unit_test.hpp>

#include "actors/orchestration/child_id.hpp"
#include "tests/support/family.hpp"

using namespace reprise;
using namespace reprise::testing;
using namespace reprise::testing::family;
using namespace std::chrono_literals;

namespace {

// Ids of the children of an instance, first attempts, in the order of its steps.
std::vector<std::string> children_of(world& w, const std::string& id) {
  std::vector<std::string> ids;
  const auto page = page_of(w, id);
  for (const auto& e : page.history)
    if (e.kind == event_kind::child) ids.push_back(internal::child_id(e, page.generation, 1));
  return ids;
}

std::string play(world& w, const std::string& words) {
  w.start(elder.as("elder", words));
  w.run_until([&] { return w.ended("elder"); });
  return end_of(w, "elder");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sub_orchestrations)

BOOST_AUTO_TEST_CASE(a_child_answers_its_parent) {
  for (auto d : {disk::memory, disk::lmdb}) {
    world w(1, d, bound);
    BOOST_TEST(play(w, "kid:a all:b,c,d race:e as:mine:f") == "completed: <a> <b><c><d> <e> <f>");
    BOOST_TEST(end_of(w, "mine") == "completed: <f>");
    const auto ids = children_of(w, "elder");
    BOOST_TEST(ids.size() == 6u);
    for (const auto& id : ids) BOOST_TEST(end_of(w, id).starts_with("completed: <"));
    BOOST_TEST(w.waiting_records() == 0u);
  }
}

BOOST_AUTO_TEST_CASE(a_failure_of_a_child_fails_its_parent) {
  broken("x", true);
  world w(2, disk::memory, bound);
  BOOST_TEST(play(w, "try:x kid:x kid:y") == "failed: x is broken");
  BOOST_TEST(children_of(w, "elder").size() == 2u);
  broken("x", false);
}

BOOST_AUTO_TEST_CASE(each_attempt_is_a_child_of_its_own) {
  broken("x", true);
  world w(3, disk::memory, bound);
  BOOST_TEST(play(w, "thrice:x") == "completed: failed");
  const auto first = children_of(w, "elder").at(0);
  for (const auto* attempt : {"", ".2", ".3"})
    BOOST_TEST(end_of(w, first + attempt) == "failed: x is broken");
  BOOST_TEST(end_of(w, first + ".4") == "not_found");
  broken("x", false);
}

BOOST_AUTO_TEST_CASE(an_id_in_use_fails_the_child_and_touches_no_other_instance) {
  world w(4, disk::memory, bound);
  w.start(kid.as("taken", "wait"));
  w.run();
  BOOST_TEST(play(w, "tryas:taken:x") == "completed: exists");
  w.raise(coin.to("taken", 5));
  w.run();
  BOOST_TEST(end_of(w, "taken") == "completed: 5");
}

BOOST_AUTO_TEST_CASE(an_attempt_that_takes_too_long_has_timed_out) {
  for (bool crash : {false, true}) {
    world w(5, disk::memory, bound);
    w.start(elder.as("elder", "soon:wait job:on"));
    w.run();
    if (crash) {
      w.crash();
      w.open();
    }
    const auto began = w.now();
    w.run_until([&] { return w.ended("elder"); });
    BOOST_TEST(end_of(w, "elder") == "completed: timed_out on");
    BOOST_TEST((w.now() - began <= 5s));
    const auto late = children_of(w, "elder").at(0);
    BOOST_TEST(end_of(w, late) == "state 0");  // it runs on; its answer finds nobody
    w.raise(coin.to(late, 1));
    w.run();
    BOOST_TEST(end_of(w, "elder") == "completed: timed_out on");
    BOOST_TEST(w.waiting_records() == 0u);
  }
}

BOOST_AUTO_TEST_CASE(a_parent_started_again_after_a_purge_has_other_children) {
  world w(6, disk::memory, bound);
  play(w, "kid:a");
  const auto before = children_of(w, "elder");
  BOOST_REQUIRE(static_cast<bool>(purge(w, "elder")));
  play(w, "kid:a");
  BOOST_TEST((children_of(w, "elder") != before));
}

BOOST_AUTO_TEST_CASE(a_recursive_terminate_reaches_the_lowest) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    world w(seed, disk::memory, bound);
    w.start(line.as("line", number{3}));
    // Anywhere on the way down: a terminate never overtakes the start of a child.
    for (std::uint64_t i = 0; i < seed * 7; ++i) w.step();
    BOOST_REQUIRE(static_cast<bool>(terminate(w, "line", children::included)));
    w.run();
    std::vector<std::string> all{"line"};
    for (std::size_t i = 0; i < all.size(); ++i) {
      BOOST_TEST((page_of(w, all[i]).state == instance_state::terminated));
      for (auto& id : children_of(w, all[i])) all.push_back(id);
    }
    BOOST_TEST(w.waiting_records() == 0u);
  }
}

BOOST_AUTO_TEST_CASE(a_terminate_leaves_children_alone_unless_told) {
  world w(8, disk::memory, bound);
  w.start(line.as("line", number{1}));
  w.run();
  const auto ids = children_of(w, "line");
  BOOST_REQUIRE(static_cast<bool>(terminate(w, "line", children::left_alone)));
  w.run();
  for (const auto& id : ids) {
    BOOST_TEST(end_of(w, id) == "state 0");
    w.raise(coin.to(id, 1));
    w.run();
    BOOST_TEST(end_of(w, id) == "completed: 1");
  }
  BOOST_TEST(end_of(w, "line") == "terminated: why");
}

BOOST_AUTO_TEST_CASE(a_withdrawn_child_ends_with_its_parent_too) {
  world w(9, disk::memory, bound);
  w.start(elder.as("elder", "race:wait kid:wait"));
  w.run();
  w.advance(2h);
  w.run();
  const auto ids = children_of(w, "elder");
  BOOST_TEST_REQUIRE(ids.size() == 2u);
  w.crash();
  w.open();
  BOOST_REQUIRE(static_cast<bool>(terminate(w, "elder", children::included)));
  w.run();
  for (const auto& id : ids) BOOST_TEST(end_of(w, id) == "terminated: why");
}

BOOST_AUTO_TEST_CASE(an_instance_that_reuses_the_id_of_a_child_does_not_end_with_the_parent) {
  world w(10, disk::memory, bound);
  w.start(elder.as("elder", "race:wait as:mine:x kid:wait"));
  w.run();
  w.advance(2h);
  w.run();
  BOOST_TEST(end_of(w, "mine") == "completed: <x>");
  w.start(kid.as("mine", "wait"));
  w.run();
  BOOST_REQUIRE(static_cast<bool>(terminate(w, "elder", children::included)));
  w.run();
  BOOST_TEST(end_of(w, "mine") == "state 0");
}

BOOST_AUTO_TEST_CASE(an_instance_started_by_a_tell_is_no_child) {
  world w(11, disk::memory, bound);
  BOOST_TEST(play(w, "tell:alone:wait job:x") == "completed: told x");
  BOOST_TEST(end_of(w, "alone") == "state 0");
}

BOOST_AUTO_TEST_CASE(a_late_failure_of_a_timed_out_attempt_does_not_fail_the_next_one) {
  world w(12, disk::memory, bound);
  w.start(elder.as("elder", "again:wait"));
  w.run();
  const auto first = children_of(w, "elder").at(0);
  w.advance(7s);
  w.run();
  BOOST_TEST(end_of(w, first + ".2") == "state 0");
  BOOST_REQUIRE(static_cast<bool>(*w.terminate(first, "late")));
  w.run();
  BOOST_TEST(end_of(w, "elder") == "state 0");
  w.raise(coin.to(first + ".2", 3));
  w.run();
  BOOST_TEST(end_of(w, "elder") == "completed: 3");
  BOOST_TEST(w.waiting_records() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
