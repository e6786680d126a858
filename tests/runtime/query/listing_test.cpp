// Lists in pages, purges by filter, retention, and who waits on whom in the order of things.

#include <boost/test/unit_test.hpp>

#include "persistence/batch.hpp"
#include "persistence/keys.hpp"
#include "runtime/message/records.hpp"
#include "tests/support/family.hpp"
#include "tests/support/parts.hpp"

using namespace reprise;
using namespace reprise::testing;
using namespace reprise::testing::family;
using namespace std::chrono_literals;

namespace {

constexpr actor<number> jar{"jar"};
constexpr operation<number, number, number> fill{jar, "fill"};

struct jar_actor {
  state<number> content;
  result<number> add(number n) {
    content.edit() += n;
    return *content;
  }
};

application with_jars() {
  auto app = bound();
  app.bind(fill, &jar_actor::add);
  return app;
}

// All pages, joined.
std::vector<std::string> ids(world& w, const instance_filter& f, std::size_t at_most) {
  std::vector<std::string> all;
  std::string cursor;
  do {
    const auto page = answer<instance_page>(w, [&](auto told) {
      w.at().instances().list(f, {cursor, at_most}, std::move(told));
    });
    BOOST_REQUIRE((page && *page));
    BOOST_TEST((*page)->instances.size() <= at_most);
    for (const auto& one : (*page)->instances) all.push_back(one.id);
    cursor = (*page)->next;
  } while (!cursor.empty());
  return all;
}

purge_report purge_all(world& w, const instance_filter& f) {
  const auto r =
      answer<purge_report>(w, [&](auto told) { w.at().operate().purge(f, 1h, std::move(told)); });
  BOOST_REQUIRE((r && *r));
  return **r;
}

void start_many(world& w) {
  for (int i = 10; i < 40; ++i) w.start(kid.as("a-" + std::to_string(i), "x"));
  broken("bad", true);
  for (int i = 0; i < 5; ++i) w.start(kid.as("b-" + std::to_string(i), "bad"));
  w.start(kid.as("c", "wait"));
  w.run();
  broken("bad", false);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(listing)

BOOST_AUTO_TEST_CASE(instances_come_in_pages_and_once) {
  for (auto d : {disk::memory, disk::lmdb}) {
    world w(1, d, bound);
    start_many(w);
    for (const std::size_t at_most : {1, 7, 1000}) {
      BOOST_TEST(ids(w, {}, at_most).size() == 36u);
      const auto some = ids(w, {.prefix = "a-2"}, at_most);
      BOOST_TEST(some.size() == 10u);
      BOOST_TEST(some.front() == "a-20");
      BOOST_TEST(ids(w, {.states = {instance_state::failed}}, at_most).size() == 5u);
      BOOST_TEST(
          ids(w, {.states = {instance_state::running}}, at_most) == std::vector<std::string>{"c"},
          boost::test_tools::per_element());
      BOOST_TEST(ids(w, {.orchestration = "elder"}, at_most).empty());
      BOOST_TEST(ids(w, {.created_from = w.now() + 1s}, at_most).empty());
    }
    const auto page = answer<instance_page>(w, [&](auto told) {
      w.at().instances().list({.prefix = "b-3"}, {"", 10}, std::move(told));
    });
    BOOST_TEST((*page)->instances.at(0).input.bytes() == "bad");
  }
}

// Each bound with what lies a nanosecond on both sides of it.
BOOST_AUTO_TEST_CASE(a_filter_is_exact_at_its_borders) {
  world w(7, disk::memory, bound);
  w.start(kid.as("k", "wait"));
  w.run();
  w.advance(1h);
  w.raise(coin.to("k", 1));
  w.run();
  const auto k = page_of(w, "k");
  BOOST_TEST((k.updated - k.created == 1h));
  const auto there = [&](const instance_filter& f) { return ids(w, f, 10).size(); };
  BOOST_TEST(there({.created_from = k.created}) == 1u);
  BOOST_TEST(there({.created_from = k.created + 1ns}) == 0u);
  BOOST_TEST(there({.created_to = k.created}) == 1u);
  BOOST_TEST(there({.created_to = k.created - 1ns}) == 0u);
  BOOST_TEST(there({.created_from = k.created, .created_to = k.created}) == 1u);
  BOOST_TEST(there({.updated_before = k.updated}) == 0u);
  BOOST_TEST(there({.updated_before = k.updated + 1ns}) == 1u);
}

BOOST_AUTO_TEST_CASE(a_prefix_and_a_page_end_where_they_should) {
  world w(8, disk::memory, bound);
  for (const auto* id : {"a", "aa", "ab", "ab-1", "ac", "b"}) w.start(kid.as(id, "x"));
  w.run();
  const auto page = [&](const std::string& prefix, const std::string& cursor, std::size_t n) {
    const auto r = answer<instance_page>(w, [&](auto told) {
      w.at().instances().list({.prefix = prefix}, {cursor, n}, std::move(told));
    });
    BOOST_REQUIRE((r && *r));
    std::string all;
    for (const auto& one : (*r)->instances) all += one.id + ' ';
    return all + '|' + (*r)->next;
  };
  BOOST_TEST(page("ab", "", 10) == "ab ab-1 |");
  BOOST_TEST(page("ab", "", 2) == "ab ab-1 |ab-1");  // whether there are more is not known
  BOOST_TEST(page("ab", "ab-1", 2) == "|");
  BOOST_TEST(page("ab", "ab", 1) == "ab-1 |ab-1");
  BOOST_TEST(page("b", "", 1) == "b |b");
  BOOST_TEST(page("c", "", 1) == "|");
  BOOST_TEST(page("", "", 5) == "a aa ab ab-1 ac |ac");
  BOOST_TEST(page("", "ac", 5) == "b |");
  BOOST_TEST(page("", "", 0) == "a |a");  // one is the least
}

BOOST_AUTO_TEST_CASE(a_page_after_very_many_instances_that_do_not_match_is_given_as_it_is) {
  world w(9, disk::memory, bound);
  w.start(kid.as("z", "wait"));
  w.run();
  w.crash();
  w.wrap([](std::unique_ptr<persistence::store> inner) {
    runtime::records::instance ended;
    ended.status = static_cast<std::uint8_t>(instance_state::completed);
    std::vector<persistence::batch> group(1);
    for (int i = 100'000; i < 145'000; ++i)
      group.back().put(persistence::keys::instance(std::to_string(i)),
                       runtime::records::encode(ended));
    BOOST_REQUIRE(static_cast<bool>(inner->commit(inner->durable() + 1, group)));
    return inner;
  });
  w.open();
  std::string cursor;
  for (const auto* next : {"119999", "139999", ""}) {
    const auto r = answer<instance_page>(w, [&](auto told) {
      w.at().instances().list({.states = {instance_state::running}}, {cursor, 10}, std::move(told));
    });
    BOOST_REQUIRE((r && *r));
    BOOST_TEST((*r)->next == next);
    BOOST_TEST((*r)->instances.size() == (cursor == "139999" ? 1u : 0u));
    cursor = (*r)->next;
  }
}

BOOST_AUTO_TEST_CASE(actors_are_listed_by_type_and_prefix) {
  world w(2, disk::memory, with_jars);
  for (const auto* key : {"x1", "x2", "x3", "y1"}) w.get(fill(key, number{1}));
  w.run();
  const auto page = [&](const std::string& prefix, const std::string& cursor, std::size_t n) {
    const auto r = answer<actor_page>(w, [&](auto told) {
      w.at().actors().list({"jar", prefix}, {cursor, n}, std::move(told));
    });
    BOOST_REQUIRE((r && *r));
    return **r;
  };
  BOOST_TEST(page("", "", 10).actors.size() == 4u);
  const auto first = page("x", "", 2);
  BOOST_TEST(first.actors.size() == 2u);
  BOOST_TEST(first.next == "x2");
  const auto second = page("x", first.next, 2);
  BOOST_TEST_REQUIRE(second.actors.size() == 1u);
  BOOST_TEST(second.actors[0].key == "x3");
  BOOST_TEST(second.next.empty());
}

BOOST_AUTO_TEST_CASE(an_actor_that_has_only_tables_is_listed_until_it_is_erased) {
  world w(2, disk::memory, parts::bound);
  const auto sheets = [&] {
    const auto r = answer<actor_page>(w, [&](auto told) {
      w.at().actors().list({"sheet", ""}, {"", 10}, std::move(told));
    });
    BOOST_REQUIRE((r && *r));
    return (*r)->actors.size();
  };
  BOOST_TEST(*w.get(parts::total("empty")) == 0);
  BOOST_TEST(sheets() == 0u);
  w.get(parts::bump("one", std::string("a")));
  w.get(parts::bump("two", std::string("a")));
  w.get(parts::tear("two"));
  w.run();
  BOOST_TEST(sheets() == 1u);
  w.crash();
  w.open();
  BOOST_TEST(*w.get(parts::bump("one", std::string("a"))) == 2);
  w.get(parts::bump("two", std::string("a")));
  w.run();
  BOOST_TEST(sheets() == 2u);
}

BOOST_AUTO_TEST_CASE(an_erased_actor_begins_anew) {
  world w(3, disk::memory, with_jars);
  w.get(fill("x", number{5}));
  const auto erased = answer<void>(w, [&](auto told) {
    w.at().actors().erase({"jar", "x"}, {}, told);
  });
  BOOST_REQUIRE((erased && *erased));
  BOOST_TEST(*w.get(fill("x", number{1})) == 1);
  w.crash();
  w.open();
  BOOST_TEST(*w.get(fill("x", number{1})) == 2);
  const auto unknown = answer<void>(w, [&](auto told) {
    w.at().actors().erase({"jug", "x"}, {}, told);
  });
  BOOST_TEST((unknown && !*unknown && unknown->error().why == cause::unbound));
}

BOOST_AUTO_TEST_CASE(a_purge_by_filter_takes_what_has_ended) {
  world w(4, disk::lmdb, bound);
  start_many(w);
  // The one that runs has not ended: this filter means nobody, not everybody.
  auto report = purge_all(w, {.states = {instance_state::running}});
  BOOST_TEST(report.purged == 0u);
  BOOST_TEST(report.complete);
  report = purge_all(w, {.states = {instance_state::running, instance_state::failed}});
  BOOST_TEST(report.purged == 5u);
  BOOST_TEST(report.complete);
  report = purge_all(w, {});
  BOOST_TEST(report.purged == 30u);
  BOOST_TEST(ids(w, {}, 100) == std::vector<std::string>{"c"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_instance_that_ended_long_ago_is_retired) {
  world w(5, disk::memory, bound);
  w.keep({.completed = 24h, .failed = 48h});
  w.crash();
  w.open();
  start_many(w);
  w.start(kid.as("t", "wait"));
  w.run();
  BOOST_REQUIRE(static_cast<bool>(*w.terminate("t", "enough")));
  w.advance(23h);
  w.run();
  BOOST_TEST(ids(w, {}, 100).size() == 37u);
  w.advance(2h);
  w.run();
  BOOST_TEST(ids(w, {}, 100).size() == 7u);
  w.advance(24h);
  w.run();
  const std::vector<std::string> left{"c", "t"};  // one runs; what was terminated is kept for ever
  BOOST_TEST(ids(w, {}, 100) == left, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(no_instance_is_retired_for_ten_minutes_after_a_clock_step_or_a_start) {
  for (bool crash : {false, true}) {
    world w(6, disk::memory, bound);
    w.keep({.completed = 24h, .failed = 24h});
    w.crash();
    w.open();
    start_many(w);
    w.run();
    w.advance(1h);
    if (crash) w.crash();
    w.clock(w.now() + 30 * 365 * 24h);
    if (crash) w.open();
    w.advance(9min);
    BOOST_TEST(ids(w, {}, 100).size() == 36u);
    w.advance(5min);
    BOOST_TEST(ids(w, {}, 100).size() == 1u);
  }
}

// As a damaged page of the tables does it, which leads a search past what is there.
BOOST_AUTO_TEST_CASE(a_history_that_is_not_there_is_damage_and_is_not_looked_for_for_ever) {
  world w(1, disk::memory, bound);
  w.start(kid.as("k", "wait"));
  w.run();
  w.crash();
  w.wrap([](std::unique_ptr<persistence::store> inner) {
    std::vector<persistence::batch> group(1);
    const auto history = persistence::keys::history_of("k");
    group.back().erase_range(history.first, history.second);
    BOOST_REQUIRE(static_cast<bool>(inner->commit(inner->durable() + 1, group)));
    return inner;
  });
  w.open();
  for (const auto how : {with_history::no, with_history::yes}) {
    const auto s = w.status("k", how);
    BOOST_TEST_REQUIRE((s && !*s));
    BOOST_TEST((s->error().why == cause::corrupt));
  }
}

BOOST_AUTO_TEST_SUITE_END()

// The races of durable-task.md 6.1 that have no case elsewhere.
BOOST_AUTO_TEST_SUITE(races_of_the_end)

BOOST_AUTO_TEST_CASE(completion_before_terminate_wins) {
  std::size_t completed = 0;
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    world w(seed, disk::memory, bound);
    w.start(kid.as("k", "wait"));
    w.run();
    w.at().instances().raise(event_to("k", "coin", codec<number>::encode(number{1})), {},
                             [](auto) {});
    for (std::uint64_t i = 0; i < seed % 5; ++i) w.step();
    const auto r = w.terminate("k", "stop");
    BOOST_TEST_REQUIRE(r.has_value());
    const auto end = end_of(w, "k");
    BOOST_TEST((end == (*r ? "terminated: stop" : "completed: 1")));
    if (!*r) BOOST_TEST((r->error().why == cause::gone));
    completed += !*r;
    BOOST_TEST(w.waiting_records() == 0u);
  }
  BOOST_TEST(completed > 0u);
  BOOST_TEST(completed < 30u);
}

BOOST_AUTO_TEST_CASE(contended_events_are_each_taken_once) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    world w(seed, disk::memory, bound);
    w.start(purse.as("p", number{0}));
    std::size_t told = 0;
    for (number n = 1; n <= 20; ++n)
      w.at().instances().raise(event_to("p", "coin", codec<number>::encode(number{1} << n)), {},
                               [&](result<> r) { told += static_cast<bool>(r); });
    w.run();
    BOOST_TEST(told == 20u);
    w.raise(coin.to("p", 0));
    w.run();
    BOOST_TEST(end_of(w, "p") == "completed: " + std::to_string((number{1} << 21) - 2));
  }
}

BOOST_AUTO_TEST_SUITE_END()
