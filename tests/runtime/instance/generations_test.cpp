// Instances that go on as new: nothing of the old generation is left, no event is lost, nothing late
// gets in.

#include <boost/test/unit_test.hpp>

#include "persistence/keys.hpp"
#include "tests/support/family.hpp"

using namespace reprise;
using namespace reprise::testing;
using namespace reprise::testing::family;
using namespace std::chrono_literals;

namespace {

std::size_t stored_history(world& w, const std::string& id) {
  persistence::load_request all;
  std::tie(all.first, all.last) = persistence::keys::history_of(id);
  return w.engine().store->read(all).entries.size();
}

// After an open the edge refuses until what is stored for the address has been read: asked again.
void put_in(world& w, const std::string& id, number n) {
  for (int tries = 0; tries < 100; ++tries) {
    const auto raised = w.raise(coin.to(id, n));
    BOOST_TEST_REQUIRE(raised.has_value());
    if (*raised) return;
    if (raised->error().why != cause::overloaded)
      BOOST_FAIL(raised->error().text << ": " << end_of(w, id));
    w.step();
  }
  BOOST_FAIL("still overloaded");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(continue_as_new)

BOOST_AUTO_TEST_CASE(an_eternal_orchestration_does_not_grow) {
  for (auto d : {disk::memory, disk::lmdb}) {
    world w(1, d, bound);
    w.start(purse.as("p", number{0}));
    for (int i = 1; i <= 50; ++i) {
      put_in(w, "p", 1);
      w.run();
      BOOST_TEST(history_of(w, "p") <= 4u);
      BOOST_TEST(stored_history(w, "p") <= 3u);
    }
    BOOST_TEST(page_of(w, "p").custom_status == "50");
    put_in(w, "p", 0);
    w.run();
    BOOST_TEST(end_of(w, "p") == "completed: 50");
    BOOST_TEST(w.waiting_records() == 0u);
  }
}

// Raised before, between and during turns, with kills: each coin counts once.
BOOST_AUTO_TEST_CASE(events_are_carried_over) {
  for (const auto* type : {"purse", "untidy_purse"})
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
      world w(seed, seed % 2 ? disk::memory : disk::lmdb, bound);
      BOOST_TEST_INFO_SCOPE(type << ", seed " << seed);
      auto first = purse.as("p", number{0}).what();
      first.name = type;
      BOOST_REQUIRE(*w.start(first));
      number sum = 0;
      for (number n = 1; n <= 30; ++n) {
        sum += n;
        put_in(w, "p", n);
        for (std::uint64_t i = 0; i < (seed * n) % 5; ++i) w.step();
        if ((seed + static_cast<std::uint64_t>(n)) % 7 == 0) {
          w.crash();
          w.open();
        }
        if ((seed + static_cast<std::uint64_t>(n)) % 5 == 0) w.forget();
      }
      put_in(w, "p", 0);
      w.run();
      BOOST_TEST(end_of(w, "p") == "completed: " + std::to_string(sum));
      BOOST_TEST(w.waiting_records() == 0u);
    }
}

BOOST_AUTO_TEST_CASE(an_answer_for_the_old_generation_does_not_reach_the_new_one) {
  world w(3, disk::memory, bound);
  w.start(untidy_purse.as("p", number{0}));
  put_in(w, "p", 5);  // goes on before the job of the first generation has run
  w.run();
  w.advance(2h);  // its timer too
  w.run();
  const auto page = page_of(w, "p");
  std::size_t answers = 0;
  for (const auto& e : page.history) answers += e.kind == event_kind::answered;
  BOOST_TEST(answers == 2u);  // of its own job and timer
  put_in(w, "p", 0);
  w.run();
  BOOST_TEST(end_of(w, "p") == "completed: 5");
}

BOOST_AUTO_TEST_CASE(the_first_terminal_transition_wins) {
  std::size_t went_on = 0;
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    world w(seed, disk::memory, bound);
    w.start(purse.as("p", number{0}));
    w.run();
    const auto before = page_of(w, "p").generation;
    w.at().instances().raise(event_to("p", "coin", codec<number>::encode(number{1})), {},
                             [](auto) {});
    for (std::uint64_t i = 0; i < seed % 9; ++i) w.step();
    BOOST_REQUIRE(static_cast<bool>(*w.terminate("p", "stop")));
    w.run();
    BOOST_TEST(end_of(w, "p") == "terminated: stop");
    went_on += page_of(w, "p").generation != before;
    BOOST_TEST(w.waiting_records() == 0u);
  }
  BOOST_TEST(went_on > 0u);
  BOOST_TEST(went_on < 30u);
}

BOOST_AUTO_TEST_CASE(an_orchestration_that_never_waits_does_not_hold_up_others) {
  world w(5, disk::memory, bound);
  w.start(spin.as("s", number{2'000}));
  w.start(kid.as("other", "x"));
  bool other_first = false;
  while (w.step())
    if (!other_first && w.engine().log.newest() < 1'000) other_first = w.ended("other");
  BOOST_TEST(other_first);
  BOOST_TEST(end_of(w, "s") == "completed: 7");
}

BOOST_AUTO_TEST_CASE(a_child_that_goes_on_answers_at_its_last_end) {
  world w(6, disk::memory, bound);
  w.start(elder.as("w", "purse:p"));
  w.run();
  put_in(w, "p", 3);
  w.run();
  put_in(w, "p", 4);
  w.run();
  BOOST_TEST(end_of(w, "w") == "state 0");
  put_in(w, "p", 0);
  w.run();
  BOOST_TEST(end_of(w, "w") == "completed: 7");
}

BOOST_AUTO_TEST_SUITE_END()
