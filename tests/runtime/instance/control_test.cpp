// Lanes: what controls an instance goes first, whatever waits.

#include <boost/test/unit_test.hpp>

#include "tests/support/parts.hpp"
#include "tests/support/world.hpp"

using namespace reprise;
using namespace reprise::testing;

namespace {

instance_status page_of(world& w, const char* id) {
  const auto s = w.status(id, with_history::yes);
  BOOST_REQUIRE((s && *s));
  return **s;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(control)

BOOST_AUTO_TEST_CASE(a_terminate_overtakes_ten_thousand_events) {
  for (auto d : {disk::memory, disk::lmdb})
    for (bool crash : {false, true}) {
      world w(1, d, parts::bound, world::begins::down);
      w.segment(std::size_t{32} << 20);
      w.open();
      BOOST_REQUIRE(*w.start(parts::collect.as("showered")));
      w.run();
      w.get(parts::shower("h", parts::number{10'000}));
      if (crash) {
        w.crash();
        w.open();
      }
      const auto ended = w.terminate("showered", "enough");
      BOOST_REQUIRE(ended.has_value());
      BOOST_TEST(static_cast<bool>(*ended));
      const auto s = page_of(w, "showered");
      BOOST_TEST((s.state == instance_state::terminated));
      BOOST_TEST(s.history.size() <
                 9'000u);  // each event is two: what was raised, and the next wait
      w.run();
      BOOST_TEST(w.waiting_records() == 0u);  // the rest was consumed, into nothing
      BOOST_TEST(page_of(w, "showered").history.size() == s.history.size());
    }
}

BOOST_AUTO_TEST_CASE(a_terminate_does_not_overtake_the_start_it_follows) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    world w(seed, disk::memory, parts::bound);
    std::optional<result<std::string>> started;
    std::optional<result<>> terminated;
    auto begin = parts::collect.as("c").what();
    w.at().start(begin, {}, [&](auto r) { started = std::move(r); });
    w.at().instances().terminate("c", {"at once"}, {}, [&](auto r) { terminated = std::move(r); });
    w.run();
    BOOST_TEST((started && *started));
    BOOST_TEST((terminated && *terminated));
    BOOST_TEST((page_of(w, "c").state == instance_state::terminated));
  }
}

BOOST_AUTO_TEST_CASE(a_start_behind_a_spilled_lane_is_taken_first) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    world w(seed, disk::memory, parts::bound);
    w.get(parts::shower_and_start("h", parts::number{5'000}));
    w.run();
    const auto s = page_of(w, "showered");
    BOOST_TEST((s.state == instance_state::running));
    // The mailbox held a thousand events before the start came; all others found the instance.
    BOOST_TEST(s.history.size() > 2u * 3'000u);
    BOOST_TEST(w.waiting_records() == 0u);
  }
}

BOOST_AUTO_TEST_CASE(the_first_end_wins) {
  world w(3, disk::memory, parts::bound);
  BOOST_REQUIRE(*w.start(parts::collect.as("c")));
  BOOST_REQUIRE(*w.terminate("c", "first"));
  const auto again = w.terminate("c", "second");
  BOOST_TEST((again && !*again && again->error().why == cause::gone));
  const auto late = w.raise(parts::nudge.to("c", parts::number{0}));
  BOOST_TEST((late && !*late && late->error().why == cause::gone));
  BOOST_TEST(page_of(w, "c").outcome->error().text == "first");
  const auto nobody = w.raise(parts::nudge.to("nobody", parts::number{0}));
  BOOST_TEST((nobody && !*nobody && nobody->error().why == cause::not_found));
}

BOOST_AUTO_TEST_SUITE_END()
