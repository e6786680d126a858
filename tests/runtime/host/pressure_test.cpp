// Back-pressure: only the edge is refused; what is in a transition arrives, however much it is.

#include <boost/test/unit_test.hpp>

#include "tests/support/parts.hpp"
#include "tests/support/world.hpp"

using namespace reprise;
using namespace reprise::testing;

namespace {

void spread_over_turns(parts::number per_turn, std::size_t memory) {
  constexpr parts::number turns = 100, inboxes = 5;
  world w(1, disk::memory, parts::bound, world::begins::down);
  w.memory(memory);
  w.open();
  w.get(parts::spread("h", parts::numbers{turns, per_turn, inboxes}));
  w.run();
  for (int i = 0; i < inboxes; ++i) {
    const auto seen = *w.get(parts::seen("in-" + std::to_string(i)));
    BOOST_TEST(seen[0] == turns * per_turn / inboxes);
    BOOST_TEST(seen[1] == 0);
  }
  BOOST_TEST(w.waiting_records() == 0u);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(pressure)

BOOST_AUTO_TEST_CASE(two_actors_with_full_mailboxes_that_feed_each_other_come_to_an_end) {
  for (std::size_t memory : {std::size_t{1}, std::size_t{512} << 20})
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
      world w(seed, disk::memory, parts::bound, world::begins::down);
      w.memory(memory);
      w.open();
      for (const auto* key : {"a", "b"}) w.ask(parts::pass(key, parts::numbers{3, 3'000}).what());
      w.run();
      BOOST_TEST(*w.get(parts::passed("a")) == 9'001);
      BOOST_TEST(*w.get(parts::passed("b")) == 9'001);
      BOOST_TEST(w.waiting_records() == 0u);
    }
}

BOOST_AUTO_TEST_CASE(a_hundred_thousand_tells_arrive_once_and_in_order) {
  spread_over_turns(1'000, 1);
}

BOOST_AUTO_TEST_CASE(a_million_tells_arrive_once_and_in_order, *boost::unit_test::label("large")) {
  spread_over_turns(10'000, std::size_t{1} << 20);
}

BOOST_AUTO_TEST_CASE(a_call_over_the_bound_of_a_mailbox_is_refused_and_not_done) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    world w(seed, disk::memory, parts::bound);
    std::vector<world::answer_slot> told;
    for (int i = 0; i < 3'000; ++i) told.push_back(w.ask(parts::add("t", parts::number{1}).what()));
    w.run();
    parts::number done_ones = 0;
    for (const auto& t : told) {
      BOOST_REQUIRE(t->has_value());
      done_ones += static_cast<bool>(**t);
      if (!**t) BOOST_TEST(((**t).error().why == cause::overloaded));
    }
    BOOST_TEST(done_ones < 3'000);
    BOOST_TEST(*w.get(parts::read("t")) == done_ones);
    BOOST_TEST(*w.get(parts::add("t", parts::number{1})) == done_ones + 1);  // and it takes more
  }
}

BOOST_AUTO_TEST_CASE(a_turn_over_its_limit_fails_names_it_and_changes_nothing) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    world w(seed, disk::memory, parts::bound);
    const auto before = w.ask(parts::stretch("t", parts::number{2}).what());
    w.ask(parts::add("t", parts::number{5}).what());
    const auto too_much = w.ask(parts::stretch("t", parts::number{100'001}).what());
    w.ask(parts::add("t", parts::number{7}).what());
    w.run();
    BOOST_TEST((*too_much && !**too_much && (*too_much)->error().why == cause::limit));
    BOOST_TEST(((*too_much)->error().text.find("_per_turn") != std::string::npos));
    BOOST_TEST(*w.get(parts::read("t")) == 14);
  }
}

BOOST_AUTO_TEST_SUITE_END()
