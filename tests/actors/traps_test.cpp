// The expressions around co_await that g++ 12.2 gets wrong, as our users write them: temporaries of
// aggregates, owning captures, lists in braces. Under ASan a double free ends the program. What
// cannot be made right is refused: see tests/must_not_compile.

#include <type_traits>

#include "tests/actors/instance.hpp"
#include "tests/actors/shop.hpp"

using namespace reprise::testing;
using reprise::task;

namespace {
constexpr reprise::activity<std::string, std::string> work{"work"};
constexpr reprise::activity<reprise::none, reprise::none> nothing{"nothing"};
constexpr reprise::event<std::string> word{"word"};
constexpr reprise::actor<std::string> worker{"work"};
constexpr reprise::operation<std::string, std::string, std::string> ask_worker{worker, "ask"};
constexpr reprise::orchestration<std::string, std::string> work_child{"work"};

// Written in braces inside co_await: nothing to destroy twice.
static_assert(std::is_trivially_destructible_v<reprise::retry>);
// Awaitables that own memory have constructors: they are no aggregates.
static_assert(!std::is_aggregate_v<reprise::call<std::string>>);
static_assert(!std::is_aggregate_v<reprise::operation_call<std::string>>);
static_assert(!std::is_aggregate_v<reprise::activity_call<std::string>>);
static_assert(!std::is_aggregate_v<reprise::start_call<std::string>>);
static_assert(!std::is_aggregate_v<reprise::transient_call<std::string>>);
static_assert(!std::is_aggregate_v<reprise::event_wait<std::string>>);
static_assert(!std::is_aggregate_v<reprise::pause>);
static_assert(!std::is_aggregate_v<reprise::pending<std::string>>);
static_assert(!std::is_aggregate_v<reprise::all_of_list<reprise::call<std::string>>>);
static_assert(!std::is_aggregate_v<reprise::all_of<reprise::call<std::string>>>);
static_assert(!std::is_aggregate_v<reprise::race_of<reprise::call<std::string>, reprise::pause>>);
static_assert(!std::is_aggregate_v<reprise::attempted<reprise::call<std::string>>>);
static_assert(!std::is_aggregate_v<reprise::begun<reprise::call<std::string>>>);
static_assert(!std::is_aggregate_v<reprise::next_of>);
static_assert(!std::is_aggregate_v<reprise::status_of>);
static_assert(!std::is_aggregate_v<reprise::tell_of>);
static_assert(!std::is_aggregate_v<reprise::task<>>);
static_assert(!std::is_aggregate_v<reprise::value<std::string>>);
static_assert(!std::is_aggregate_v<reprise::json>);
static_assert(std::is_trivially_destructible_v<reprise::now_of>);

const std::string long_text(100, 'x');  // lives on the heap: a double free is seen

task<std::string> temporaries_of_every_kind() {
  std::string own = long_text + "own";
  auto a = co_await work(long_text + "temporary");
  auto b = co_await work(std::string(own));
  auto c = co_await work(own.c_str()).with({.attempts = 3, .first = 1s});
  auto d = co_await reprise::attempt(work(own + own).with(reprise::retry{.attempts = 2}));
  auto e = co_await reprise::race(work(own), reprise::sleep(1h));
  auto f = co_await reprise::race(work(own), word(), reprise::sleep(1h));
  auto [g, h] = co_await reprise::all(work(own), work(own + "2"));
  auto p = co_await reprise::begin(work(own));
  auto i = co_await p;
  auto j = co_await reprise::attempt(reprise::all(work(*i), nothing()));
  co_return *a + *b + *c + **d + **e + *f.get<0>() + *g + *h + *i + **std::get<0>(j);
}

task<std::string> named_call() {
  auto call = work(long_text);
  auto a = co_await call;  // stays usable
  auto b = co_await std::move(call);
  co_return *a + *b;
}

task<std::string> lambdas_by_reference() {
  std::string number = long_text;
  auto bill = co_await shop::charge([&](auto in) { in.setCents(number.size()); });
  auto tried = co_await reprise::attempt(
      shop::charge([&](auto in) { in.setCents(number.size()); }).with({.attempts = 2}));
  auto grant = co_await shop::reserve(number, [&](auto in) { in.setQuantity(3); });
  co_return std::string(bill->getNumber().cStr()) + (*tried)->getNumber().cStr() +
      std::to_string(grant->getLeft());
}

struct owner {
  std::string text = long_text;
  std::vector<std::string> list{long_text, long_text};
};
task<owner> gives_an_aggregate(owner from, std::vector<owner> more) {
  co_await work(from.text + more.front().text);
  co_return from;
}
task<std::string> aggregates_through_tasks() {
  owner mine;
  std::vector<owner> more(2);
  auto a = co_await gives_an_aggregate(mine, more);
  auto b = co_await gives_an_aggregate(std::move(a), std::move(more));
  co_return b.text + b.list.back();
}

task<std::string> conditionals_and_loops() {
  std::string out;
  for (int i = 0; i < 3; ++i) {
    if (i == 1) {
      auto odd = co_await work(long_text);
      out += *odd;
    } else if (auto even = co_await reprise::attempt(work(out + long_text)); even) {
      out += **even;
    }
    try {
      auto got = co_await work(out);
      out += *got;
    } catch (const reprise::failed& failed) {
      out += failed.why().text;
    }
  }
  co_return out;
}

task<std::string> range_over_a_temporary() {
  std::vector<reprise::call<std::string>> calls;
  calls.push_back(work(long_text));
  calls.push_back(work(long_text));
  std::string out;
  for (const auto& one : co_await reprise::all(std::move(calls))) out += *one;
  co_return out;
}

// Lists and arms that hold calls of activities, operations and orchestrations.
task<std::string> calls_of_every_kind() {
  std::vector<reprise::call<std::string>> calls{work(long_text), ask_worker("a", long_text)};
  calls.push_back(work_child(long_text));
  calls.push_back(reprise::call<std::string>(work(long_text)).with({.attempts = 2}));
  std::string out;
  for (const auto& one : co_await reprise::all(std::move(calls))) out += *one;
  auto named = ask_worker("b", long_text);
  auto [a, b] = co_await reprise::all(reprise::call<std::string>(work(long_text)), named);
  auto c = co_await reprise::call<std::string>(work_child(long_text));
  auto d = co_await reprise::attempt(reprise::call<std::string>(named));
  co_return out + *a + *b + *c + **d;
}

task<std::string> throws_through_tasks(int depth) {
  std::string own = long_text;
  if (depth == 0) {
    auto got = co_await work(own);
    co_return *got;
  }
  auto got = co_await throws_through_tasks(depth - 1);
  co_return *got + own;
}
task<std::string> deep() {
  auto got = co_await throws_through_tasks(5);
  co_return *got;
}

// Answers every open step in order of number with long text until the code ends.
std::string finish(instance& it, bool fails = false) {
  it.start();
  for (int rounds = 0; !it.finished() && rounds < 100; ++rounds)
    for (std::uint64_t number = 1; number < it.run().next_number(); ++number)
      if (it.run().open(number) && it.step(number).kind != event_kind::timer) {
        if (fails && rounds > 0)
          it.fail(number, reprise::fail(long_text));
        else if (it.step(number).name == "work")
          it.answer(number, long_text);
        else
          it.answered(number, {});
        break;
      }
  BOOST_TEST_REQUIRE(it.finished());
  return it.history().back().error ? it.error().text : it.text();
}
}  // namespace

BOOST_AUTO_TEST_SUITE(traps)

BOOST_AUTO_TEST_CASE(temporaries_are_destroyed_once) {
  instance it(temporaries_of_every_kind);
  BOOST_TEST(finish(it).size() == 10 * long_text.size());
}
BOOST_AUTO_TEST_CASE(named_calls_are_copied_or_moved) {
  instance it(named_call);
  BOOST_TEST(finish(it).size() == 2 * long_text.size());
}
BOOST_AUTO_TEST_CASE(lambdas_capture_by_reference) {
  instance it(lambdas_by_reference);
  BOOST_TEST(finish(it) == "0");
}
BOOST_AUTO_TEST_CASE(aggregates_go_through_tasks_whole) {
  instance it(aggregates_through_tasks);
  BOOST_TEST(finish(it).size() == 2 * long_text.size());
}
BOOST_AUTO_TEST_CASE(awaits_in_branches_and_loops_free_everything_once) {
  instance it(conditionals_and_loops);
  BOOST_TEST(finish(it).size() == 6 * long_text.size());
  instance failing(conditionals_and_loops);
  finish(failing, true);
}
BOOST_AUTO_TEST_CASE(a_range_for_over_what_was_awaited) {
  instance it(range_over_a_temporary);
  BOOST_TEST(finish(it).size() == 2 * long_text.size());
}
BOOST_AUTO_TEST_CASE(a_list_holds_calls_of_every_kind) {
  instance it(calls_of_every_kind);
  BOOST_TEST(finish(it).size() == 8 * long_text.size());
}
BOOST_AUTO_TEST_CASE(exceptions_pass_through_tasks) {
  instance it(deep);
  BOOST_TEST(finish(it).size() == 6 * long_text.size());
  instance failing(deep);
  failing.start();
  failing.fail(1, reprise::reject(long_text));
  BOOST_TEST(failing.error().text == long_text);
}
BOOST_AUTO_TEST_CASE(frames_destroyed_in_the_middle_free_everything_once) {
  for (std::uint64_t answers = 0; answers < 10; ++answers) {
    instance it(temporaries_of_every_kind);
    it.start();
    for (std::uint64_t number = 1, given = 0; given < answers; ++number)
      if (it.run().open(number) && it.step(number).kind == event_kind::activity) {
        it.answer(number, long_text);
        ++given;
      }
  }
}

BOOST_AUTO_TEST_SUITE_END()
