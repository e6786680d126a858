// What an open must find again: calls in flight, reads nobody answered, activities, back-offs; and what
// it must not find: anything that is done.

#include <boost/test/unit_test.hpp>

#include <set>

#include "examples/flaky/flaky.hpp"
#include "examples/hello_cities/hello_cities.hpp"
#include "tests/support/parts.hpp"
#include "tests/support/witness.hpp"
#include "tests/support/world.hpp"

using namespace reprise;
using namespace reprise::testing;
using namespace std::chrono_literals;
namespace flaky = examples::flaky;

namespace {

// Kills the process after `steps` steps of the scheduler; gives whether it was still busy.
bool run_then_kill(world& w, std::uint64_t steps) {
  bool busy = true;
  while (steps-- > 0 && (busy = w.step())) {
  }
  w.crash();
  w.open();
  return busy;
}

template <class T>
T outcome_of(world& w, const char* id) {
  const auto s = w.status(id);
  BOOST_REQUIRE((s && *s && (*s)->outcome && *(*s)->outcome));
  return **codec<T>::decode(**(*s)->outcome);
}

bool is_there(world& w, const char* id) {
  const auto s = w.status(id);
  return s && *s;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(recovery)

// The orchestration calls, reads, tells and runs an activity; one of the kills falls into each wait.
BOOST_AUTO_TEST_CASE(an_orchestration_ends_wherever_it_was_killed) {
  std::uint64_t kills = 0;
  for (std::uint64_t steps = 1, busy = 1; busy; ++steps) {
    witness saw;
    world w(7, disk::memory, parts::bound);
    w.at().start(parts::errand.as("e", parts::number{7}).what(), {}, [](auto) {});
    busy = run_then_kill(w, steps);
    saw.killed();
    saw.look(w);
    if (!is_there(w, "e")) BOOST_REQUIRE(*w.start(parts::errand.as("e", parts::number{7})));
    BOOST_TEST_CONTEXT("killed after step " << steps) {
      BOOST_TEST(w.run_until([&] { return w.ended("e"); }));
      w.run();
      BOOST_TEST(outcome_of<std::string>(w, "e").starts_with("14 read refused "));
      BOOST_TEST(*w.get(parts::read("errand")) == 7);
      BOOST_TEST(*w.get(parts::total("errands")) == 2);
      BOOST_TEST(w.waiting_records() == 0u);
      for (const auto& wrong : saw.complaints(w)) BOOST_ERROR(wrong);
    }
    ++kills;
  }
  BOOST_TEST(kills > 20u);
}

BOOST_AUTO_TEST_CASE(attempts_are_counted_across_kills_during_back_off) {
  for (int kills = 1; kills <= 3; ++kills) {
    witness saw;
    world w(8, disk::memory, parts::bound_with_examples);
    const auto plan = make<flaky::Plan>([&](auto p) {
      p.setFailures(3);
      p.setAttempts(4);
    });
    BOOST_REQUIRE(*w.start(flaky::flaky.as("f", plan)));
    for (int i = 0; i < kills; ++i) {
      w.run();  // the attempt has failed, the next one waits for its time
      w.crash();
      saw.killed();
      w.open();
      w.run();
      w.executor().advance_to_alarm();
    }
    BOOST_TEST(w.run_until([&] { return w.ended("f"); }));
    const auto s = w.status("f");
    BOOST_REQUIRE((s && *s && (*s)->outcome && *(*s)->outcome));
    const auto report = *codec<flaky::Report>::decode(**(*s)->outcome);
    BOOST_TEST(report->getAttempts() == 4u);
    BOOST_TEST(saw.lines_written() == 4u);  // killed while nothing ran: no attempt was repeated
  }
}

BOOST_AUTO_TEST_CASE(an_activity_that_was_done_is_not_done_again) {
  for (std::uint64_t steps = 1; steps <= 60; ++steps) {
    witness saw;
    world w(9, disk::memory, parts::bound_with_examples);
    BOOST_REQUIRE(*w.start(examples::cities::hello_cities.as("hello")));
    run_then_kill(w, steps);
    saw.killed();
    saw.look(w);
    BOOST_TEST(w.run_until([&] { return w.ended("hello"); }));
    for (const auto& wrong : saw.complaints(w)) BOOST_ERROR(wrong);
    BOOST_TEST(saw.lines_written() <= 6u);
  }
}

BOOST_AUTO_TEST_CASE(an_identity_never_comes_back) {
  std::set<std::string> names;
  for (auto d : {disk::memory, disk::lmdb}) {
    names.clear();
    world w(10, d, parts::bound);
    for (int life = 0; life < 8; ++life) {
      BOOST_REQUIRE(*w.start(parts::errand.as("e", parts::number{1})));
      if (life % 3 == 1) run_then_kill(w, 5);
      BOOST_TEST(w.run_until([&] { return w.ended("e"); }));
      names.insert(outcome_of<std::string>(w, "e").substr(std::string("14 read refused").size()));
      if (life % 2 == 0) run_then_kill(w, 3);
    }
    BOOST_TEST(names.size() == 8u);
  }
}

BOOST_AUTO_TEST_CASE(an_answered_call_survives_and_an_unanswered_one_is_whole_or_not_there) {
  for (auto d : {disk::memory, disk::lmdb})
    for (std::uint64_t seed = 1; seed <= (d == disk::memory ? 200u : 8u); ++seed) {
      world w(seed, d, parts::bound);
      const auto fanned = w.ask(parts::fan("h", parts::numbers{40, 0, 2}).what());
      const auto read = w.ask(parts::seen("in-0").what());
      for (std::uint64_t i = 0; i < seed % 23; ++i) w.step();
      const auto known = *fanned && **fanned;
      parts::number shown = 0;
      if (*read && **read) {
        const auto seen = *codec<parts::numbers>::decode(***read);
        shown = (*seen)[0];
      }
      w.crash();
      w.open();
      w.run();
      const auto all = (*w.get(parts::seen("in-0")))[0] + (*w.get(parts::seen("in-1")))[0];
      BOOST_TEST((all == 40 || (all == 0 && !known)));
      BOOST_TEST(all >= shown);  // what a read has shown is not taken back
    }
}

// A read answers when what it shows is durable.
BOOST_AUTO_TEST_CASE(a_state_that_a_read_has_shown_is_not_taken_back) {
  std::size_t shown = 0;
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    world w(seed, disk::memory, parts::bound);
    w.ask(parts::add("t", parts::number{1}).what());
    const auto read = w.ask(parts::read("t").what());
    for (std::uint64_t i = 0; i < seed % 12; ++i) w.step();
    const auto value = *read && **read ? **codec<parts::number>::decode(***read) : 0;
    shown += value == 1;
    w.crash();
    w.open();
    BOOST_TEST(*w.get(parts::read("t")) >= value);
  }
  BOOST_TEST(shown > 0u);
}

BOOST_AUTO_TEST_CASE(a_finished_node_leaves_nothing_to_find) {
  world w(11, disk::lmdb, parts::bound);
  BOOST_REQUIRE(*w.start(parts::errand.as("e", parts::number{7})));
  w.get(parts::fan("h", parts::numbers{100, 0, 2}));
  BOOST_TEST(w.run_until([&] { return w.ended("e"); }));
  w.run();
  BOOST_TEST(w.waiting_records() == 0u);
  w.close();
  w.open();
  w.run();
  BOOST_TEST(w.engine().hosts.size() == 0u);  // nobody is visited
  BOOST_TEST(w.at().operate().figures().groups == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
