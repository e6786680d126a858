// Entries of tables over a node: loads that are older than what was written, runs that are discarded.

#include <boost/test/unit_test.hpp>

#include "tests/support/parts.hpp"
#include "tests/support/world.hpp"

using namespace reprise;
using namespace reprise::testing;

namespace {

parts::number number_of(const world::answer_slot& slot) {
  BOOST_REQUIRE(slot->has_value());
  BOOST_REQUIRE(static_cast<bool>(**slot));
  return *codec<parts::number>::decode(***slot);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(tables)

// A scan's page is read before the entry just written is durable, and used after: the host must lay its
// own write over it.
BOOST_AUTO_TEST_CASE(an_own_write_is_seen_until_a_view_shows_it) {
  for (auto d : {disk::memory, disk::lmdb})
    for (std::uint64_t seed = 1; seed <= (d == disk::memory ? 300u : 5u); ++seed) {
      world w(seed, d, parts::bound);
      std::vector<world::answer_slot> totals;
      for (int i = 0; i < 12; ++i) {
        w.ask(parts::bump("page", "line" + std::to_string(i % 5)).what());
        totals.push_back(w.ask(parts::total("page").what()));
        for (std::uint64_t n = seed % 7; n > 0; --n) w.step();
      }
      w.run();
      for (std::size_t i = 0; i < totals.size(); ++i)
        BOOST_TEST(number_of(totals[i]) == static_cast<parts::number>(i + 1));
    }
}

BOOST_AUTO_TEST_CASE(an_erased_entry_stays_erased_until_a_view_shows_it) {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    world w(seed, disk::memory, parts::bound);
    w.get(parts::bump("page", std::string("a")));
    w.ask(parts::strike("page", std::string("a")).what());
    const auto total = w.ask(parts::total("page").what());
    const auto again = w.ask(parts::bump("page", std::string("a")).what());
    w.ask(parts::tear("page").what());
    const auto after = w.ask(parts::bump("page", std::string("a")).what());
    w.run();
    BOOST_TEST(number_of(total) == 0);
    BOOST_TEST(number_of(again) == 1);
    BOOST_TEST(number_of(after) == 1);
  }
}

BOOST_AUTO_TEST_CASE(a_read_sees_every_turn_before_it) {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    world w(seed, disk::memory, parts::bound);
    for (int i = 0; i < 3; ++i) w.ask(parts::bump("page", std::string("a")).what());
    const auto look = w.ask(parts::look("page", std::string("a")).what());
    w.run();
    BOOST_TEST(number_of(look) == 3);
  }
}

BOOST_AUTO_TEST_CASE(a_long_table_is_read_in_pages_with_what_is_not_durable_yet) {
  for (auto d : {disk::memory, disk::lmdb}) {
    world w(5, d, parts::bound);
    w.get(parts::fill("page", parts::number{3'000}));
    const auto one_more = w.ask(parts::bump("page", std::string("zz")).what());
    const auto total = w.ask(parts::total("page").what());
    w.ask(parts::strike("page", std::string("f7")).what());
    const auto less = w.ask(parts::total("page").what());
    w.run();
    BOOST_TEST(number_of(one_more) == 1);
    BOOST_TEST(number_of(total) == 3'001);
    BOOST_TEST(number_of(less) == 3'000);
    w.crash();
    w.open();
    BOOST_TEST((*w.get(parts::list("page"))).size() == 3'000u);
  }
}

BOOST_AUTO_TEST_CASE(a_run_that_swallowed_a_missing_entry_is_discarded) {
  world w(6, disk::memory, parts::bound);
  for (parts::number expected = 1; expected <= 4; ++expected) {
    BOOST_TEST(*w.get(parts::careless("page", std::string("a"))) == expected);
    w.run();
    w.forget();  // the next run misses it again
  }
}

BOOST_AUTO_TEST_CASE(tables_outlive_passivation_at_every_step) {
  world w(7, disk::memory, parts::bound);
  w.forget_always();
  for (parts::number n = 1; n <= 20; ++n) {
    BOOST_TEST(*w.get(parts::bump("page", std::string("a"))) == n);
    BOOST_TEST(*w.get(parts::add("t", parts::number{2})) == 2 * n);
  }
  BOOST_TEST(*w.get(parts::total("page")) == 20);
}

BOOST_AUTO_TEST_SUITE_END()
