// Where an instance lives between two events makes no difference: after every event, the state that is
// rebuilt from its history is the state that was in memory.

#include <boost/test/unit_test.hpp>

#include "tests/runtime/testing/scenarios.hpp"
#include "tests/support/parts.hpp"

using namespace reprise;
using namespace reprise::testing;

namespace {

std::string play(const scenario& s, disk d, std::uint64_t seed, bool forget, std::size_t memory) {
  witness saw;
  for (const auto& id : s.replaced) saw.replaced(id);
  world w(seed, d, parts::bound_with_examples, world::begins::down);
  w.forget_always(forget);
  w.memory(memory);
  client c(w, saw);
  s.play(c, w);
  c.run();
  BOOST_TEST(c.deaths() == 0u);
  BOOST_TEST(w.waiting_records() == 0u);
  for (const auto& wrong : saw.complaints(w)) BOOST_ERROR(wrong);
  return s.end(w);
}

constexpr std::size_t plenty = std::size_t{512} << 20;

}  // namespace

BOOST_AUTO_TEST_SUITE(residence)

BOOST_AUTO_TEST_CASE(hosts_dropped_after_every_step_or_never_come_to_the_same_end) {
  for (const auto& s : sweep_scenarios())
    for (std::uint64_t seed = 1; seed <= 25; ++seed)
      BOOST_TEST_CONTEXT(s.name << ", seed " << seed) {
        const auto resident = play(s, disk::memory, seed, false, plenty);
        BOOST_TEST(play(s, disk::memory, seed, true, plenty) == resident);
        BOOST_TEST(play(s, disk::memory, seed, false, 1) == resident);
      }
}

BOOST_AUTO_TEST_CASE(hosts_on_disk_dropped_after_every_step_come_to_the_same_end) {
  for (const auto& s : sweep_scenarios())
    BOOST_TEST(play(s, disk::lmdb, 1, true, plenty) == play(s, disk::lmdb, 1, false, plenty));
}

BOOST_AUTO_TEST_CASE(a_status_page_is_of_one_generation_whatever_happens_meanwhile) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    world w(seed, disk::memory, parts::bound);
    BOOST_REQUIRE(*w.start(parts::collect.as("c")));
    for (int i = 1; i <= 1'300; ++i) {
      w.at().instances().raise(
          event_to("c", "nudge", codec<parts::number>::encode(value<parts::number>(1))), {},
          [](auto) {});
      if (i % 500 == 0) w.run();
    }
    w.run();
    int told = 0;
    const auto check = [&](result<instance_status> s) {
      ++told;
      BOOST_REQUIRE(static_cast<bool>(s));
      BOOST_TEST(!s->history.empty());
      std::size_t in_place = 0;
      for (const auto& e : s->history) in_place += e.number == in_place;
      BOOST_TEST(in_place == s->history.size());
      const auto first = s->history.front().kind, last = s->history.back().kind;
      BOOST_TEST((first == event_kind::started));
      BOOST_TEST(s->outcome.has_value() == (last == event_kind::completed));
      BOOST_TEST(s->outcome.has_value() == is_terminal(s->state));
    };
    for (int i = 0; i < 30; ++i) {
      w.at().instances().status("c", with_history::yes, check);
      if (i == 10) w.at().instances().terminate("c", {"x"}, {}, [](auto) {});
      if (i == 12) w.at().start(parts::collect.as("c").what(), {}, [](auto) {});
      for (std::uint64_t n = (seed + static_cast<std::uint64_t>(i)) % 4; n > 0; --n) w.step();
    }
    w.run();
    BOOST_TEST(told == 30);
  }
}

BOOST_AUTO_TEST_CASE(a_waiter_for_an_end_is_told_of_one_end) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    world w(seed, disk::memory, parts::bound);
    // Whoever is told of an end begins the instance again at once; all of them must hear of ends only.
    int ends = 0, begun = 1;
    std::function<void(result<instance_status>)> again = [&](result<instance_status> s) {
      BOOST_REQUIRE(static_cast<bool>(s));
      BOOST_TEST(is_terminal(s->state));
      BOOST_TEST(s->outcome.has_value());
      ++ends;
    };
    BOOST_REQUIRE(*w.start(parts::nap.as("n", parts::number{1})));
    for (int i = 0; i < 5; ++i) {
      w.at().instances().wait("n", again).keep();
      w.at()
          .instances()
          .wait("n",
                [&](result<instance_status>) {
                  ++begun;
                  w.at().start(parts::nap.as("n", parts::number{1}).what(), {}, [](auto) {});
                })
          .keep();
      w.advance(std::chrono::seconds(5));
    }
    BOOST_TEST(ends == 5);
    BOOST_TEST(begun == 6);
  }
}

BOOST_AUTO_TEST_CASE(a_waiter_that_stops_is_told_nothing_and_not_kept) {
  world w(1, disk::memory, parts::bound);
  BOOST_REQUIRE(*w.start(parts::nap.as("n", parts::number{1})));
  w.run();
  auto kept = std::make_shared<int>(0);
  const std::weak_ptr<int> watched = kept;
  auto waiting = w.at().instances().wait("n", [kept](const result<instance_status>&) { ++*kept; });
  w.run();
  waiting.stop();
  BOOST_TEST(watched.use_count() == 1);
  w.advance(std::chrono::seconds(5));
  BOOST_TEST(*kept == 0);
  waiting.stop();
}

BOOST_AUTO_TEST_CASE(a_waiter_for_an_end_is_told_when_the_node_stops) {
  for (bool crash : {false, true}) {
    world w(1, disk::memory, parts::bound);
    BOOST_REQUIRE(*w.start(parts::nap.as("n", parts::number{1'000})));
    w.run();
    int told = 0;
    w.at()
        .instances()
        .wait("n",
              [&](result<instance_status> s) {
                ++told;
                BOOST_TEST((!s && s.error().why == cause::unavailable));
              })
        .keep();
    w.run();
    if (crash)
      w.crash();
    else
      w.close();
    BOOST_TEST(told == 1);
  }
}

BOOST_AUTO_TEST_SUITE_END()
