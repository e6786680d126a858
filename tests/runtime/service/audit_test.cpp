// What nothing would ever wake is found after an open, named and mended; what waits rightly is left alone.

#include <boost/test/unit_test.hpp>

#include <algorithm>

#include "persistence/keys.hpp"
#include "tests/support/family.hpp"
#include "tests/support/hooked_store.hpp"

using namespace reprise;
using namespace reprise::testing;
using namespace reprise::testing::family;
using namespace std::chrono_literals;
namespace keys = persistence::keys;

namespace {

// A hand on the tables of a node that is down: everything in these ranges goes.
void take_away(world& w, std::vector<keys::range> ranges) {
  w.crash();
  w.wrap([&](std::unique_ptr<persistence::store> s) {
    persistence::batch writes;
    for (const auto& [first, last] : ranges) writes.erase_range(first, last);
    std::vector<persistence::batch> group;
    group.push_back(std::move(writes));
    BOOST_REQUIRE(static_cast<bool>(s->commit(s->durable() + 1, group)));
    return s;
  });
  w.open();
  w.wrap({});
}

std::size_t named(const world& w) {
  return static_cast<std::size_t>(std::count_if(
      w.said.begin(), w.said.end(), [](const auto& s) { return s.starts_with("audit: "); }));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(audits)

BOOST_AUTO_TEST_CASE(an_instance_that_waits_rightly_is_left_alone) {
  world w(1, disk::memory, bound);
  w.start(line.as("line", number{2}));
  w.start(elder.as("e", "race:wait job:x"));
  w.start(elder.as("later", "job:x").not_before(w.now() + 24h));
  w.start(kid.as("k", "wait"));
  w.run();
  BOOST_REQUIRE(static_cast<bool>(suspend(w, "k")));
  w.crash();
  w.open();
  w.run();
  BOOST_TEST(named(w) == 0u);
}

BOOST_AUTO_TEST_CASE(a_lost_timer_is_set_again) {
  world w(2, disk::memory, bound);
  w.start(elder.as("e", "race:wait job:x"));
  w.run();
  take_away(w, {keys::timers_range()});
  w.run();
  BOOST_TEST(named(w) == 1u);
  w.run_until([&] { return w.ended("e"); });
  BOOST_TEST(end_of(w, "e") == "completed: late x");
}

// Whichever read fails: it is the one that nothing else would wake.
BOOST_AUTO_TEST_CASE(an_instance_that_cannot_be_read_at_first_is_audited_later) {
  unsigned met = 0;
  for (unsigned bad = 1;; ++bad) {
    world w(2, disk::memory, bound);
    w.start(elder.as("e", "race:wait job:x"));
    w.run();
    take_away(w, {keys::timers_range()});
    w.crash();
    bool opened = false;
    unsigned reads = 0;
    w.wrap([&](std::unique_ptr<persistence::store> s) -> std::unique_ptr<persistence::store> {
      return std::make_unique<hooked_store>(
          std::move(s),
          hooked_store::hooks{.fails_read = [&](const auto&) { return opened && ++reads == bad; }});
    });
    w.open();
    opened = true;
    w.run_until([] { return false; }, 2h);
    opened = false;
    BOOST_TEST(named(w) == 1u, "read " << bad);
    BOOST_TEST(end_of(w, "e") == "completed: late x", "read " << bad);
    if (reads < bad) break;
    ++met;
  }
  BOOST_TEST(met >= 4u);
}

BOOST_AUTO_TEST_CASE(a_lost_activity_is_started_again) {
  world w(3, disk::memory, bound);
  w.start(elder.as("e", "job:x"));
  const auto requests = [&] {
    persistence::load_request all;
    std::tie(all.first, all.last) = keys::requests_range();
    return w.engine().store->read(all).entries.size();
  };
  while (requests() == 0) BOOST_REQUIRE(w.step());
  take_away(w, {keys::requests_range()});
  w.run();
  BOOST_TEST(named(w) == 1u);
  BOOST_TEST(end_of(w, "e") == "completed: x");
}

BOOST_AUTO_TEST_CASE(a_lost_child_is_an_unknown_outcome) {
  world w(4, disk::memory, bound);
  w.start(elder.as("e", "tryas:mine:wait job:x"));
  w.run();
  take_away(w, {{keys::instance("mine"), keys::instance("mine") + '\1'}, keys::history_of("mine")});
  w.run();
  BOOST_TEST(named(w) == 1u);
  BOOST_TEST(end_of(w, "e") == "completed: unknown_outcome x");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(why_is_it_waiting)

BOOST_AUTO_TEST_CASE(each_wait_of_an_instance_is_named_with_who_owes_it) {
  world w(5, disk::memory, bound);
  w.start(elder.as("e", "race:wait"));
  w.start(elder.as("later", "job:x").not_before(w.now() + 24h));
  w.run();
  const auto waits = [&](const char* id) {
    const auto r =
        answer<instance_waits>(w, [&](auto told) { w.at().instances().why(id, std::move(told)); });
    BOOST_REQUIRE((r && *r));
    return **r;
  };
  const auto e = waits("e");
  BOOST_TEST_REQUIRE(e.reasons.size() == 2u);
  BOOST_TEST(e.reasons[0].what == "orchestration kid");
  BOOST_TEST(e.reasons[0].owed_by.starts_with("instance child-"));
  BOOST_TEST(e.reasons[1].what == "timer");
  BOOST_TEST(e.reasons[1].owed_by == "the clock, at 2026-11-23T01:00:00Z");
  const auto child = waits(e.reasons[0].owed_by.substr(9).c_str());
  BOOST_TEST_REQUIRE(child.reasons.size() == 1u);
  BOOST_TEST(child.reasons[0].what == "event coin");
  BOOST_TEST(waits("later").reasons.at(0).what == "its time to start");
  BOOST_REQUIRE(static_cast<bool>(suspend(w, "e")));
  const auto suspended = w.now();
  w.clock(suspended + 1h);
  BOOST_REQUIRE(static_cast<bool>(*w.raise(coin.to("e", number{1}))));
  BOOST_TEST(waits("e").reasons.at(0).what == "being suspended");
  BOOST_TEST((waits("e").reasons.at(0).since == suspended));
  const auto nobody = answer<instance_waits>(
      w, [&](auto told) { w.at().instances().why("nobody", std::move(told)); });
  BOOST_TEST((nobody && !*nobody && nobody->error().why == cause::not_found));
}

BOOST_AUTO_TEST_SUITE_END()
