// Inputs after which an orchestration asks nobody for anything share a transition with those that come in the
// same run. Nobody outside can tell, but by how few transitions there are.

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "persistence/limits.hpp"
#include "runtime/node/engine.hpp"
#include "tests/support/parts.hpp"
#include "tests/support/world.hpp"

using namespace reprise;
using namespace reprise::testing;
using namespace reprise::testing::parts;
using namespace std::chrono_literals;

namespace {

// Adds the lengths of so many texts.
inline constexpr reprise::event<std::string> chunk{"text"};
inline constexpr orchestration<number, number> large_sum{"large_sum"};
task<number> sum_large(number count) {
  number sum = 0;
  for (number i = 0; i < count; ++i) {
    auto text = co_await chunk();
    sum += static_cast<number>(text->size());
  }
  co_return sum;
}

// Takes two texts, tells a sheet one that is nearly as long as can be, and takes another.
inline constexpr orchestration<none, number> boast{"boast"};
task<number> boast_large() {
  auto first = co_await chunk();
  auto second = co_await chunk();
  co_await tell(strike("s", std::string(limits::max_bytes_per_turn / 2 - 70'000, 'x')));
  co_await chunk();
  co_return static_cast<number>(first->size() + second->size());
}

// For each of so many texts a status: a large one, or one that is nearly as long as can be; none for "z".
inline constexpr orchestration<number, number> show{"show"};
task<number> show_texts(number count) {
  for (number i = 0; i < count; ++i) {
    auto text = co_await chunk();
    const auto length = text->front() == 'x' ? 300'000 : limits::max_bytes_per_turn / 2 - 30'000;
    if (text->front() != 'z') co_await set_status(std::string(length, 'x'));
  }
  co_return count;
}

// Adds the input twice to tally "t", at once: the sum of what it gives.
inline constexpr orchestration<number, number> both{"both"};
task<number> await_both(number n) {
  auto got = co_await all(add("t", n).within(5s), add("t", n));
  co_return *std::get<0>(got) + *std::get<1>(got);
}

application bound_with_these() {
  auto app = bound();
  app.bind(large_sum, sum_large)
      .bind(boast, boast_large)
      .bind(show, show_texts)
      .bind(both, await_both);
  return app;
}

using raised_slot = std::shared_ptr<std::optional<result<>>>;

raised_slot raise_later(world& w, const std::string& id, number n, ask_options o = {}) {
  auto slot = std::make_shared<raised_slot::element_type>();
  const auto what = nudge.to(id, n);
  w.at().instances().raise(event_to(id, "nudge", what.input), std::move(o),
                           [slot](result<> r) { *slot = std::move(r); });
  return slot;
}

std::uint64_t transitions(world& w) { return w.engine().log.written().transitions; }

std::vector<history_event> history(world& w, const std::string& id) {
  auto status = w.status(id, with_history::yes);
  BOOST_REQUIRE(status && *status);
  return (*status)->history;
}

std::size_t count(const std::vector<history_event>& all, event_kind k) {
  return static_cast<std::size_t>(
      std::count_if(all.begin(), all.end(), [&](const history_event& e) { return e.kind == k; }));
}

std::string completed(world& w, const std::string& id) {
  const auto status = w.status(id);
  BOOST_REQUIRE(status && *status);
  const auto& s = **status;
  return s.outcome && *s.outcome ? std::to_string(*codec<number>::decode(**s.outcome)) : "no";
}

void give_texts(world& w, const std::string& id, int count, std::size_t length, char of = 'x') {
  const auto text = chunk.to(id, std::string(length, of));
  for (int i = 0; i < count; ++i)
    w.at().instances().raise(event_to(id, "text", text.input), {}, [](result<>) {});
}

// In order, whatever their lanes are: as when each comes while the instance runs.
void deliver(world& w, const std::string& id, runtime::message_body body) {
  auto m = std::make_unique<runtime::message>();
  m->to = {address_kind::instance, "", id};
  m->id = w.engine().ids.next();
  m->body = std::move(body);
  m->lane = runtime::lane::ordinary;
  w.engine().deliver(std::move(m));
}

// "b" waits for an actor that another instance holds.
struct two_open_steps {
  explicit two_open_steps(std::uint64_t seed) : w(seed, disk::memory, bound_with_these) {
    BOOST_REQUIRE(*w.start(parts::hold.as("h", names{"t"})));
    w.run();
    BOOST_REQUIRE(*w.start(both.as("b", number{21})));
    w.run();
    generation = (*w.status("b"))->generation;
    for (const auto& e : history(w, "b"))
      if (e.kind == event_kind::operation) steps.push_back(e.number);
    BOOST_REQUIRE(steps.size() == 2u);
  }
  world w;
  reprise::generation generation;
  std::vector<std::uint64_t> steps;
};

void answer(two_open_steps& on, std::size_t step) {
  deliver(on.w, "b",
          runtime::answer_body{on.generation, on.steps[step], codec<number>::encode(42), 1});
}

}  // namespace

BOOST_AUTO_TEST_SUITE(held_inputs)

BOOST_AUTO_TEST_CASE(events_that_are_there_together_are_one_transition) {
  world w(1, disk::memory, bound);
  BOOST_REQUIRE(*w.start(collect.as("c")));
  w.run();
  const auto before = transitions(w);
  std::vector<raised_slot> asked;
  for (number n = 1; n <= 20; ++n) asked.push_back(raise_later(w, "c", n));
  w.run();
  BOOST_TEST(transitions(w) == before + 1);
  for (const auto& slot : asked) BOOST_TEST((*slot && **slot));
  const auto events = history(w, "c");
  BOOST_TEST(count(events, event_kind::raised) == 20u);
  for (std::size_t i = 0; i < events.size(); ++i) BOOST_TEST(events[i].number == i);
  w.crash();
  w.open();
  raise_later(w, "c", 0);
  w.run();
  BOOST_TEST(completed(w, "c") == "210");
}

// What ends it comes in the same run.
BOOST_AUTO_TEST_CASE(held_events_are_committed_with_the_next_step) {
  world w(2, disk::lmdb, bound);
  BOOST_REQUIRE(*w.start(collect.as("c")));
  w.run();
  const auto before = transitions(w);
  for (number n : {4, 5, 0}) raise_later(w, "c", n);
  w.run();
  BOOST_TEST(transitions(w) == before + 1);
  BOOST_TEST(completed(w, "c") == "9");
  BOOST_TEST(w.waiting_records() == 0u);
}

BOOST_AUTO_TEST_CASE(a_terminate_comes_after_the_events_that_are_held) {
  world w(3, disk::memory, bound);
  BOOST_REQUIRE(*w.start(collect.as("c")));
  w.run();
  const auto before = transitions(w);
  raise_later(w, "c", 7);
  deliver(w, "c", runtime::terminate_body{"enough"});
  w.run();
  BOOST_TEST(transitions(w) == before + 1);
  const auto events = history(w, "c");
  BOOST_TEST(count(events, event_kind::raised) == 1u);
  for (std::size_t i = 0; i < events.size(); ++i) BOOST_TEST(events[i].number == i);
  BOOST_TEST((events.back().kind == event_kind::completed));
}

// The second is answered by what the first wrote.
BOOST_AUTO_TEST_CASE(a_key_counts_once_among_events_that_are_there_together) {
  world w(4, disk::memory, bound);
  BOOST_REQUIRE(*w.start(collect.as("c")));
  w.run();
  raise_later(w, "c", 1);
  for (int i = 0; i < 3; ++i) {
    raise_later(w, "c", 10, {idempotency{"ann", "k", 1}});
    raise_later(w, "c", 100);
  }
  w.run();
  raise_later(w, "c", 0);
  w.run();
  BOOST_TEST(completed(w, "c") == "311");
}

// More bytes than one transition shares.
BOOST_AUTO_TEST_CASE(large_inputs_are_not_joined) {
  world w(5, disk::memory, bound_with_these);
  BOOST_REQUIRE(*w.start(large_sum.as("l", number{9})));
  w.run();
  const auto before = transitions(w);
  give_texts(w, "l", 9, 40'000);
  w.run();
  BOOST_TEST(transitions(w) == before + 5);  // two in each; the last with the end
  BOOST_TEST(completed(w, "l") == "360000");
}

// A step of nearly all the bytes that a turn may have.
BOOST_AUTO_TEST_CASE(a_large_step_is_not_stopped_by_what_is_held_before_it) {
  world w(8, disk::memory, bound_with_these);
  BOOST_REQUIRE(*w.start(boast.as("l")));
  w.run();
  give_texts(w, "l", 3, 60'000);
  w.run();
  BOOST_TEST(completed(w, "l") == "120000");
}

// Together they are more than a turn may have.
BOOST_AUTO_TEST_CASE(large_statuses_are_not_joined) {
  world w(10, disk::memory, bound_with_these);
  for (const auto* id : {"many", "one"}) BOOST_REQUIRE(*w.start(show.as(id, number{30})));
  w.run();
  give_texts(w, "many", 30, 1);
  give_texts(w, "one", 1, 60'000, 'z');
  give_texts(w, "one", 1, 1, 'y');
  give_texts(w, "one", 28, 1, 'z');
  w.run();
  BOOST_TEST(completed(w, "many") == "30");
  BOOST_TEST(completed(w, "one") == "30");
}

BOOST_AUTO_TEST_CASE(an_answer_that_comes_again_while_it_is_held_is_dropped) {
  two_open_steps on(6);
  for (int i = 0; i < 3; ++i) answer(on, 0);
  answer(on, 1);
  on.w.run();
  BOOST_TEST(count(history(on.w, "b"), event_kind::answered) == 2u);
  BOOST_TEST(completed(on.w, "b") == "84");
}

// It fires while the instance runs; in some of the worlds it runs before the timers do.
BOOST_AUTO_TEST_CASE(a_deadline_that_comes_while_the_answer_is_held_is_late) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    two_open_steps on(seed);
    answer(on, 0);
    deliver(on.w, "b", runtime::fired_body{on.generation, on.steps[0]});
    on.w.clock(on.w.now() + 6s);
    on.w.run();
    BOOST_TEST(count(history(on.w, "b"), event_kind::answered) == 1u);
  }
}

// They are in a table, and what is held would be read from it again.
BOOST_AUTO_TEST_CASE(more_events_than_a_mailbox_keeps_come_once) {
  for (const auto d : {disk::memory, disk::lmdb}) {
    world w(7, d, bound);
    const number many = 2 * limits::mailbox_resident + 100;
    BOOST_REQUIRE(*w.start(collect.as("showered")));
    w.run();
    BOOST_REQUIRE(*w.perform(shower("h", number{many}).what()));
    w.run();
    BOOST_TEST(count(history(w, "showered"), event_kind::raised) == static_cast<std::size_t>(many));
    raise_later(w, "showered", 0);
    w.run();
    BOOST_TEST(completed(w, "showered") == std::to_string(many));
    BOOST_TEST(w.waiting_records() == 0u);
  }
}

BOOST_AUTO_TEST_SUITE_END()
