// Critical sections over a node: who waits, who goes on, and what nobody sees half done.

#include <boost/test/unit_test.hpp>

#include "persistence/keys.hpp"
#include "runtime/message/records.hpp"
#include "runtime/node/engine.hpp"
#include "tests/support/parts.hpp"
#include "tests/support/world.hpp"

using namespace reprise;
using namespace reprise::testing;
using namespace std::chrono_literals;
using parts::names;
using parts::number;

namespace {

constexpr orchestration<none, number> hold_inbox{"hold_inbox"};
constexpr orchestration<names, std::string> odd{"odd"};  // a section of a tally and a ghost
constexpr orchestration<none, number> refresh{"refresh"};
constexpr actor<none> ghost{"a.ghost"};
constexpr actor<none> last_ghost{"z.ghost"};

task<number> run_hold_inbox() {
  auto held = co_await lock(parts::inbox("in-0"));
  auto n = co_await parts::nudge();
  co_return *n;
}
task<std::string> run_odd(names which) {
  auto asked = lock(parts::tally("t"), which[0] == "first" ? ghost("g") : last_ghost("g"));
  auto held = co_await attempt(std::move(asked));
  co_await parts::nudge();
  co_return held ? "held" : held.error().text;
}
// Erases an actor that it holds.
task<number> run_refresh() {
  auto held = co_await lock(parts::tally("t"));
  auto was = co_await parts::wipe("t");
  co_await parts::nudge();
  co_await parts::add("t", number{1});
  co_return *was;
}

application bound() {
  auto app = parts::bound();
  app.bind(hold_inbox, run_hold_inbox).bind(odd, run_odd).bind(refresh, run_refresh);
  return app;
}

void start(world& w, const request& what) {
  const auto began = w.start(what);
  BOOST_REQUIRE((began && *began));
  w.run();
}
void nudge(world& w, const char* id, number n = 1) {
  const auto raised = w.raise(parts::nudge.to(id, n));
  BOOST_REQUIRE((raised && *raised));
  w.run();
}
void put(world& w, const std::string& name, number n) { w.get(parts::add(name, n)); }

number number_in(const world::answer_slot& slot) {
  BOOST_REQUIRE(slot->has_value());
  BOOST_REQUIRE(static_cast<bool>(**slot));
  return *(*codec<number>::decode(***slot));
}

number outcome(world& w, const std::string& id) {
  const auto s = w.status(id);
  BOOST_REQUIRE((s && *s && (*s)->outcome && *(*s)->outcome));
  return *(*codec<number>::decode(**(*s)->outcome));
}

void transfers(world& w, int count) {
  put(w, "ann", 10);
  put(w, "bob", 10);
  std::vector<world::answer_slot> seen;
  for (int i = 0; i < count; ++i) {
    const auto way = i % 2 == 0 ? names{"ann", "bob"} : names{"bob", "ann"};
    w.at().start(parts::transfer.as("t" + std::to_string(i), way).what(), {}, [](auto) {});
    seen.push_back(w.ask(parts::read("ann").what()));
    for (int n = 0; n < i; ++n) w.step();
  }
  for (int i = 0; i < count; ++i) {
    const auto id = "t" + std::to_string(i);
    BOOST_TEST(w.run_until([&] { return w.ended(id); }), id << " does not end");
    BOOST_TEST(outcome(w, id) == 0);
  }
  for (const auto& slot : seen) number_in(slot);
  BOOST_TEST(*w.get(parts::read("ann")) + *w.get(parts::read("bob")) == 20);
  w.run();
  BOOST_TEST(w.waiting_records() == 0u);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sections)

BOOST_AUTO_TEST_CASE(sections_in_opposite_orders_never_deadlock_and_stay_isolated) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) BOOST_TEST_CONTEXT("seed " << seed) {
      world w(seed, disk::memory, bound);
      transfers(w, 6);
    }
}

BOOST_AUTO_TEST_CASE(hosts_may_be_dropped_at_every_await_of_a_section) {
  for (auto d : {disk::memory, disk::lmdb})
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
      world w(seed, d, bound);
      w.forget_always();
      transfers(w, 4);
    }
}

BOOST_AUTO_TEST_CASE(calls_from_outside_a_section_wait_and_go_on_in_order_reads_too) {
  world w(1, disk::memory, bound);
  start(w, parts::hold.as("h", names{"t"}).what());
  std::vector<world::answer_slot> asked;
  for (number n = 1; n <= 3; ++n) {
    asked.push_back(w.ask(parts::add("t", n).what()));
    asked.push_back(w.ask(parts::read("t").what()));
  }
  w.run();
  for (const auto& one : asked) BOOST_TEST(!one->has_value());
  nudge(w, "h");
  const number expected[] = {1, 1, 3, 3, 6, 6};
  for (std::size_t i = 0; i < asked.size(); ++i) BOOST_TEST(number_in(asked[i]) == expected[i]);
  BOOST_TEST(w.waiting_records() == 0u);
}

BOOST_AUTO_TEST_CASE(thousands_of_messages_wait_in_order_also_over_a_crash) {
  for (const bool crash : {false, true}) {
    world w(1, disk::memory, bound);
    start(w, hold_inbox.as("h").what());
    w.get(parts::spread("hub", parts::numbers{3, 1'000, 1}));
    w.run();
    BOOST_TEST(w.waiting_records() == 3'001u);
    if (crash) {
      w.crash();
      w.open();
      w.run();
      BOOST_TEST(w.waiting_records() == 3'001u);
    }
    const auto seen = w.ask(parts::seen("in-0").what());
    w.run();
    BOOST_TEST(!(seen->has_value() && **seen));  // refused when the mailbox is full, or waits
    nudge(w, "h");
    const auto after = *w.get(parts::seen("in-0"));
    BOOST_TEST(after[0] == 3'000);
    BOOST_TEST(after[1] == 0);
    w.run();
    BOOST_TEST(w.waiting_records() == 0u);
  }
}

BOOST_AUTO_TEST_CASE(requests_for_a_lock_wait_in_line_with_calls) {
  world w(1, disk::memory, bound);
  start(w, parts::hold.as("first", names{"t"}).what());
  const auto before = w.ask(parts::add("t", number{1}).what());
  start(w, parts::hold.as("second", names{"t"}).what());
  const auto after = w.ask(parts::add("t", number{1}).what());
  nudge(w, "first");
  BOOST_TEST(number_in(before) == 1);
  BOOST_TEST(!after->has_value());
  BOOST_TEST((*w.status("second"))->custom_status == "\"held\"");
  w.crash();
  w.open();
  w.run();
  const auto still = w.ask(parts::read("t").what());
  w.run();
  BOOST_TEST(!still->has_value());
  nudge(w, "second");
  BOOST_TEST(number_in(still) == 1);
}

BOOST_AUTO_TEST_CASE(a_tell_that_is_due_waits_for_the_release) {
  enum class meanwhile { nothing, crash, passivate };
  for (const auto what : {meanwhile::nothing, meanwhile::crash, meanwhile::passivate}) {
    world w(1, disk::memory, bound);
    w.get(parts::remind("hub", std::string("t")));
    start(w, parts::hold.as("h", names{"t"}).what());
    w.advance(2h);
    w.run();
    BOOST_TEST(w.waiting_records() == 2u);  // the timer and the lock
    if (what == meanwhile::crash) {
      w.crash();
      w.open();
      w.run();
      w.advance(1min);
    } else if (what == meanwhile::passivate) {
      w.forget();
    }
    persistence::load_request state;
    state.keys = {persistence::keys::actor("tally", "t")};
    BOOST_TEST(!w.engine().store->read(state).values.front().has_value());
    nudge(w, "h");
    BOOST_TEST(*w.get(parts::read("t")) == 1);
    w.run();
    BOOST_TEST(w.waiting_records() == 0u);
  }
}

BOOST_AUTO_TEST_CASE(locking_an_actor_that_is_not_there_makes_nothing_but_the_lock) {
  world w(1, disk::memory, bound);
  start(w, parts::hold.as("h", names{"nobody"}).what());
  BOOST_TEST(w.waiting_records() == 1u);
  const auto look = [&] {
    std::optional<result<actor_status>> seen;
    w.at().actors().state({"tally", "nobody"}, [&](auto r) { seen = std::move(r); });
    w.run();
    return seen && !*seen && seen->error().why == cause::not_found;
  };
  BOOST_TEST(look());
  nudge(w, "h");
  BOOST_TEST(look());
  BOOST_TEST(w.waiting_records() == 0u);
}

BOOST_AUTO_TEST_CASE(an_actor_that_is_erased_stays_locked) {
  world w(1, disk::memory, bound);
  put(w, "t", 5);
  start(w, refresh.as("r").what());
  w.forget();
  const auto stranger = w.ask(parts::add("t", number{10}).what());
  w.run();
  BOOST_TEST(!stranger->has_value());
  nudge(w, "r");
  BOOST_TEST(outcome(w, "r") == 5);
  BOOST_TEST(number_in(stranger) == 11);
}

BOOST_AUTO_TEST_CASE(a_type_that_is_not_bound_is_a_failure_and_the_others_are_free_again) {
  for (const auto* which : {"first", "last"}) {
    world w(1, disk::memory, bound);
    start(w, odd.as("o", names{which}).what());
    BOOST_TEST(*w.get(parts::add("t", number{1})) == 1);
    BOOST_TEST(w.waiting_records() == 0u);
    nudge(w, "o");
    const auto s = *w.status("o");
    const auto text = *codec<std::string>::decode(**s->outcome);
    BOOST_TEST(text->ends_with("is bound in this program"));
  }
}

BOOST_AUTO_TEST_CASE(a_damaged_actor_cannot_be_locked_and_keeps_nobody_waiting) {
  world w(1, disk::memory, bound);
  start(w, parts::hold.as("h", names{"good", "t"}).what());
  w.crash();
  w.wrap([](std::unique_ptr<persistence::store> inner) {
    std::vector<persistence::batch> group(1);
    group.back().put(persistence::keys::actor("tally", "t"), "no record");
    BOOST_REQUIRE(static_cast<bool>(inner->commit(inner->durable() + 1, group)));
    return inner;
  });
  w.open();
  const auto refused = w.perform(parts::read("t").what());
  BOOST_TEST((refused && !*refused && refused->error().why == cause::corrupt));
  start(w, parts::hold.as("late", names{"free", "t"}).what());
  const auto s = *w.status("late");
  BOOST_TEST((s->outcome && !*s->outcome && s->outcome->error().why == cause::corrupt));
  BOOST_TEST(*w.get(parts::add("free", number{1})) == 1);
  BOOST_TEST(w.waiting_records() == 2u);  // two locks of "h"
  nudge(w, "h");
  BOOST_TEST(w.waiting_records() == 0u);  // of the damaged one too
}

// What is not of the section that holds the actor now is refused, whatever else is alike: its own instance
// may have had it in an earlier generation.
BOOST_AUTO_TEST_CASE(a_call_is_of_a_section_by_its_instance_and_generation) {
  using change = void (*)(runtime::reply_to&);
  const std::pair<change, bool> table[] = {
      {[](auto&) {}, true},
      {[](auto& r) { ++r.step; }, true},
      {[](auto& r) { r.instance = "other"; }, false},
      {[](auto& r) { --r.generation.position; }, false},
      {[](auto& r) { --r.generation.term; }, false},
  };
  for (const auto& [differs, is_of_it] : table) {
    world w(1, disk::memory, bound);
    start(w, parts::hold.as("h", names{"t"}).what());
    const address tally{address_kind::actor, "tally", "t"};
    auto m = std::make_unique<runtime::message>();
    m->id = w.engine().ids.next();
    m->to = tally;
    m->lane = runtime::lane::answers;
    m->reply = *w.engine().locks.find(tally)->holder;
    differs(*m->reply);
    m->body = runtime::call_body{"add", parts::add("t", number{5}).what().input};
    w.engine().deliver(std::move(m));
    w.run();
    nudge(w, "h");
    BOOST_TEST(*w.get(parts::read("t")) == (is_of_it ? 5 : 0));
  }
}

BOOST_AUTO_TEST_SUITE_END()
