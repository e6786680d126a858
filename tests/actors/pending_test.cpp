#include <memory>
#include <optional>

#include "tests/actors/instance.hpp"

using namespace reprise::testing;
using reprise::task;

namespace {
constexpr reprise::activity<std::string, std::string> work{"work"};
constexpr reprise::event<std::string> word{"word"};
using pending_text = reprise::pending<std::string>;

task<std::string> begins_and_awaits_later() {
  auto slow = co_await reprise::begin(work("slow"));
  auto quick = co_await work("quick");
  auto last = co_await slow;
  co_return *quick + *last;
}
task<std::string> drops() {
  {
    auto dropped = co_await reprise::begin(word());
    co_await work("x");
  }
  auto answer = co_await reprise::race(word(), reprise::sleep(1h));
  co_return answer ? **answer : "swallowed";
}
task<std::string> cancels() {
  auto p = co_await reprise::begin(work("x"));
  p.cancel();
  p.cancel();
  auto got = co_await reprise::attempt(std::move(p));
  co_return got ? "answer" : got.error().text;
}
task<std::string> drops_an_answered_one() {
  {
    auto p = co_await reprise::begin(work("x"));
    co_await work("y");
  }
  co_await work("z");
  co_return "end";
}
task<std::string> window() {
  std::vector<pending_text> open;
  std::string order;
  int begun = 0;
  while (begun < 4 || !open.empty()) {
    while (begun < 4 && open.size() < 2) {
      ++begun;
      open.push_back(co_await reprise::begin(work(std::to_string(begun))));
    }
    auto i = co_await reprise::next(open);
    auto one = co_await open[i];
    order += *one;
    open.erase(open.begin() + static_cast<long>(i));
  }
  co_return order;
}
task<std::string> next_skips_the_awaited() {
  std::vector<pending_text> open;
  open.push_back(co_await reprise::begin(work("a")));
  open.push_back(co_await reprise::begin(work("b")));
  std::string order;
  for (int i = 0; i < 2; ++i) {
    auto one = co_await reprise::next(open);
    order += std::to_string(one);
    co_await open[one];
  }
  co_await reprise::next(open);
  co_return order;
}
task<std::string> next_of_two_finished() {
  std::vector<pending_text> open;
  open.push_back(co_await reprise::begin(work("a")));
  open.push_back(co_await reprise::begin(work("b")));
  co_await work("c");
  auto first = co_await reprise::next(open);
  auto same = co_await reprise::next(open);  // nothing was awaited in between
  co_return std::to_string(first) + std::to_string(same);
}
task<std::string> awaits_twice() {
  auto p = co_await reprise::begin(work("a"));
  co_await p;
  co_await p;
  co_return "no";
}
task<std::string> begins_anything() {
  auto timer = co_await reprise::begin(reprise::sleep(1h));
  auto event = co_await reprise::begin(word());
  auto [nothing, text] = co_await reprise::all(std::move(timer), std::move(event));
  co_return *text;
}
task<std::string> pending_in_a_race() {
  auto slow = co_await reprise::begin(work("slow"));
  co_await work("quick");
  auto won = co_await reprise::race(std::move(slow), word());
  co_return std::to_string(won.index());
}
task<std::string> holds_and_ends() {
  auto p = co_await reprise::begin(work("never wanted"));
  co_return "end";
}
task<std::string> throws_over_pendings() {
  auto p = co_await reprise::begin(work("a"));
  auto q = co_await reprise::begin(word());
  throw reprise::failed(reprise::reject("thrown"));
}
std::optional<pending_text> escaped;
task<std::string> lets_one_escape() {
  escaped.emplace(co_await reprise::begin(work("a")));
  co_await work("b");
  co_return "end";
}
task<> awaits_given(pending_text p) {
  co_await work("in between");
  co_await p;
}
task<std::string> gives_it_away() {
  auto p = co_await reprise::begin(work("a"));
  co_await awaits_given(std::move(p));
  co_return "end";
}
task<std::string> replaces() {
  auto p = co_await reprise::begin(work("a"));
  p = co_await reprise::begin(work("b"));
  auto got = co_await p;
  co_return *got;
}
}  // namespace

BOOST_AUTO_TEST_SUITE(pendings)

BOOST_AUTO_TEST_CASE(a_pending_can_be_awaited_later) {
  instance it(begins_and_awaits_later);
  BOOST_TEST(it.start() == "1 activity work, 2 activity work");
  it.answer(1, "s");
  it.answer(2, "q");
  BOOST_TEST(it.text() == "qs");
}

BOOST_AUTO_TEST_CASE(a_dropped_pending_is_cancelled_and_swallows_no_event) {
  instance it(drops);
  BOOST_TEST(it.start() == "1 event word, 2 activity work");
  BOOST_TEST(it.answer(2, "") == "4 withdrawal of step 1, 5 event word, 6 timer");
  it.raise("word", std::string("kept"));
  BOOST_TEST(it.text() == "kept");
}

BOOST_AUTO_TEST_CASE(a_cancelled_pending_is_withdrawn_once) {
  instance it(cancels);
  BOOST_TEST(it.start() == "1 activity work, 2 withdrawal of step 1, 3 completion");
  BOOST_TEST(it.text() == "this pending was awaited or cancelled before");
}

BOOST_AUTO_TEST_CASE(a_dropped_pending_that_has_its_answer_records_nothing) {
  instance it(drops_an_answered_one);
  it.start();
  it.answer(1, "x");
  BOOST_TEST(it.answer(2, "y") == "5 activity work");
}

BOOST_AUTO_TEST_CASE(next_gives_the_first_finished_and_a_window_moves_on) {
  instance it(window);
  BOOST_TEST(it.start() == "1 activity work, 2 activity work");
  BOOST_TEST(it.answer(2, "2") == "4 activity work");
  BOOST_TEST(it.answer(4, "3") == "6 activity work");
  it.answer(1, "1");
  it.answer(6, "4");
  BOOST_TEST(it.text() == "2314");
}

BOOST_AUTO_TEST_CASE(next_skips_what_was_awaited_and_fails_when_nothing_is_left) {
  instance it(next_skips_the_awaited);
  it.start();
  it.answer(2, "b");
  it.answer(1, "a");
  BOOST_TEST(it.error().text == "next: every pending in the list was awaited before");
}

BOOST_AUTO_TEST_CASE(next_of_several_finished_pendings_gives_the_first_in_history) {
  instance it(next_of_two_finished);
  it.start();
  it.answer(2, "b");
  it.answer(1, "a");
  it.answer(3, "c");
  BOOST_TEST(it.text() == "11");
}

BOOST_AUTO_TEST_CASE(a_pending_awaited_twice_is_a_failure_with_a_reason) {
  instance it(awaits_twice);
  it.start();
  it.answer(1, "a");
  BOOST_TEST(it.error().text == "this pending was awaited or cancelled before");
}

BOOST_AUTO_TEST_CASE(timers_and_events_can_be_begun_and_gathered) {
  instance it(begins_anything);
  BOOST_TEST(it.start() == "1 timer, 2 event word");
  it.raise("word", std::string("w"));
  it.fire(1);
  BOOST_TEST(it.text() == "w");
}

BOOST_AUTO_TEST_CASE(an_answer_from_before_the_race_wins_it) {
  instance it(pending_in_a_race);
  it.start();
  it.answer(1, "s");
  BOOST_TEST(it.answer(2, "q") == "5 event word, 6 withdrawal of step 5, 7 completion");
  BOOST_TEST(it.text() == "0");
}

BOOST_AUTO_TEST_CASE(pendings_held_at_the_end_are_withdrawn_before_the_completion) {
  instance it(holds_and_ends);
  BOOST_TEST(it.start() == "1 activity work, 2 withdrawal of step 1, 3 completion");
}

BOOST_AUTO_TEST_CASE(an_exception_drops_pendings_in_reverse_order) {
  instance it(throws_over_pendings);
  BOOST_TEST(it.start() ==
             "1 activity work, 2 event word, 3 withdrawal of step 2, "
             "4 withdrawal of step 1, 5 completion");
}

BOOST_AUTO_TEST_CASE(a_run_destroyed_by_its_host_records_nothing_and_escaped_pendings_are_safe) {
  {
    instance it(lets_one_escape, impure);
    it.start();
    it.answer(2, "b");
    BOOST_TEST(it.finished());
    BOOST_TEST(!it.run().open(1));
    escaped.reset();
  }
  {
    instance it(lets_one_escape, impure);
    it.start();
  }
  escaped.reset();
}

BOOST_AUTO_TEST_CASE(a_task_can_take_over_a_pending) {
  instance it(gives_it_away);
  BOOST_TEST(it.start() == "1 activity work, 2 activity work");
  it.answer(2, "");
  it.answer(1, "");
  BOOST_TEST(it.text() == "end");
}

BOOST_AUTO_TEST_CASE(an_assignment_over_a_pending_cancels_it) {
  instance it(replaces);
  BOOST_TEST(it.start() == "1 activity work, 2 activity work, 3 withdrawal of step 1");
  it.answer(2, "b");
  BOOST_TEST(it.text() == "b");
}

BOOST_AUTO_TEST_SUITE_END()
