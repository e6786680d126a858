// What the views of a node promise beside the requests that they send: tokens, and what is no event.

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <optional>
#include <utility>

#include "tests/support/parts.hpp"
#include "tests/support/world.hpp"

using namespace reprise;
using namespace reprise::testing;
using namespace std::chrono_literals;
using parts::number;

BOOST_AUTO_TEST_SUITE(views_of_a_node)

BOOST_AUTO_TEST_CASE(a_token_stops_once_at_its_end_or_before) {
  int stops = 0;
  const auto token = [&] { return watch_token([&] { ++stops; }); };
  { const auto dropped = token(); }
  BOOST_TEST(stops == 1);
  {
    auto stopped = token();
    stopped.stop();
    stopped.stop();
  }
  BOOST_TEST(stops == 2);
  token().keep();
  BOOST_TEST(stops == 2);
  {
    auto from = token();
    const auto to = std::move(from);
    from.stop();
    BOOST_TEST(stops == 2);
  }
  BOOST_TEST(stops == 3);
  {
    auto replaced = token();
    replaced = token();
    BOOST_TEST(stops == 4);
    auto& itself = replaced;
    replaced = std::move(itself);
    BOOST_TEST(stops == 4);
  }
  BOOST_TEST(stops == 5);
}

BOOST_AUTO_TEST_CASE(a_wait_whose_token_ends_is_told_nothing) {
  world w(1, disk::memory, parts::bound);
  BOOST_REQUIRE(*w.start(parts::nap.as("n", number{1})));
  int dropped = 0, kept = 0;
  {
    const auto waiting =
        w.at().instances().wait("n", [&](const result<instance_status>&) { ++dropped; });
    w.run();
  }
  w.at().instances().wait("n", [&](const result<instance_status>&) { ++kept; }).keep();
  w.advance(5s);
  BOOST_TEST(dropped == 0);
  BOOST_TEST(kept == 1);
}

BOOST_AUTO_TEST_CASE(a_watch_whose_token_ends_is_told_nothing) {
  world w(1, disk::memory, parts::bound);
  int told = 0;
  {
    const auto watching = w.at().instances().watch([&](const std::string&) { ++told; });
    BOOST_REQUIRE(*w.start(parts::nap.as("n", number{1})));
    BOOST_TEST(told > 0);
  }
  const int before = told;
  w.advance(5s);
  BOOST_TEST((w.status("n").value()->state == instance_state::completed));
  BOOST_TEST(told == before);
}

BOOST_AUTO_TEST_CASE(a_request_that_is_no_event_is_not_raised) {
  world w(1, disk::memory, parts::bound);
  BOOST_REQUIRE(*w.start(parts::collect.as("c")));
  w.run();
  const auto before = w.status("c").value()->updated;
  w.advance(1s);
  for (const request& what :
       {parts::add("c", number{1}).what(), parts::nap.as("c", number{1}).what()}) {
    std::optional<result<>> told;
    w.at().instances().raise(what, {}, [&](result<> r) { told = std::move(r); });
    w.run();
    BOOST_TEST_REQUIRE(told.has_value());
    BOOST_TEST_REQUIRE(!*told);
    BOOST_TEST((told->error().why == cause::invalid));
    BOOST_TEST(told->error().text.find("is no event") != std::string::npos);
  }
  BOOST_TEST((w.status("c").value()->updated == before));
}

BOOST_AUTO_TEST_SUITE_END()
