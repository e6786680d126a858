// What a rewind takes back, from histories alone, and the code that runs again after it.

#include "actors/orchestration/rewind_plan.hpp"
#include "tests/actors/instance.hpp"

using namespace reprise::testing;
using reprise::task;
namespace internal = reprise::internal;

namespace {
constexpr reprise::activity<std::string, std::string> work{"work"};
constexpr reprise::actor<reprise::none> shelf{"shelf"};
constexpr reprise::operation<reprise::none, std::string, std::string> take{shelf, "take"};
constexpr reprise::event<std::string> note{"note"};

task<std::string> three_at_once() {
  std::vector<reprise::call<std::string>> calls;
  for (const char* name : {"a", "b", "c"}) calls.push_back(work(name));
  auto all = co_await reprise::all(std::move(calls));
  co_return *all[0] + *all[1] + *all[2];
}
task<std::string> one_against_the_clock() {
  auto won = co_await reprise::race(work("w"), note(), reprise::sleep(1h));
  co_return std::to_string(won.index());
}
task<std::string> one_against_an_actor() {
  auto won = co_await reprise::race(work("w"), take("tea", "x"));
  co_return std::to_string(won.index());
}
task<std::string> compensates() {
  auto got = co_await reprise::attempt(work("w"));
  if (!got) co_await reprise::tell(take("tea", "back"));
  if (!got) throw reprise::failed(got.error());
  co_return "done";
}
bool mended = false;
task<std::string> throws_by_itself() {
  auto got = co_await work("w");
  if (!mended) throw reprise::failed(reprise::fail("a bug"));
  co_return *got;
}

internal::rewind_plan plan_of(const instance& it) {
  auto plan = internal::plan_rewind(it.history(), {});
  BOOST_TEST_REQUIRE(static_cast<bool>(plan));
  return *plan;
}
using numbers = std::vector<std::uint64_t>;
}  // namespace

BOOST_AUTO_TEST_SUITE(rewinds)

BOOST_AUTO_TEST_CASE(a_rewind_reopens_only_failed_steps) {
  instance it(three_at_once);
  it.start();
  it.fail(1, reprise::fail("first"));
  it.answer(2, "B");
  BOOST_TEST(it.fail(3, reprise::fail("third")) == "7 completion");
  const auto plan = plan_of(it);
  BOOST_TEST(plan.undone == (numbers{4, 6, 7}), boost::test_tools::per_element());
  BOOST_TEST(plan.reopened == (numbers{1, 3}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_rewind_reopens_steps_that_the_failure_withdrew) {
  instance it(one_against_the_clock);
  it.start();
  BOOST_TEST(it.fail(1, reprise::fail("no")) ==
             "5 withdrawal of step 2, 6 withdrawal of step 3, 7 completion");
  const auto plan = plan_of(it);
  BOOST_TEST(plan.undone == (numbers{4, 5, 6, 7}), boost::test_tools::per_element());
  BOOST_TEST(plan.reopened == (numbers{1, 3}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_rewind_over_a_step_that_cannot_be_taken_back_is_refused) {
  instance actor(one_against_an_actor);
  actor.start();
  actor.fail(1, reprise::fail("no"));
  const auto first = internal::plan_rewind(actor.history(), {});
  BOOST_TEST_REQUIRE(!first);
  BOOST_TEST(first.error().text.ends_with("operation shelf/tea take was given up"));
  instance told(compensates);
  told.start();
  told.fail(1, reprise::fail("no"));
  const auto second = internal::plan_rewind(told.history(), {});
  BOOST_TEST_REQUIRE(!second);
  BOOST_TEST(second.error().text.ends_with("tell shelf/tea take was done"));
}

BOOST_AUTO_TEST_CASE(code_that_threw_by_itself_is_given_its_last_input_again) {
  mended = false;
  instance it(throws_by_itself, impure);
  it.start();
  it.answer(1, "x");
  const auto plan = plan_of(it);
  BOOST_TEST(plan.undone == (numbers{2, 3}), boost::test_tools::per_element());
  BOOST_TEST(plan.reopened.empty());

  mended = true;
  auto history = it.history();
  auto& mark = history.emplace_back();
  mark.kind = event_kind::rewound;
  mark.number = history.size() - 1;
  auto run = it.undone(plan.undone, history);
  BOOST_TEST(!run->diverged().has_value());
  BOOST_TEST(!run->finished());
  reprise::history_event again;
  again.kind = event_kind::fed;
  again.target = 2;
  again.number = run->next_number();
  BOOST_TEST(again.number == 5u);
  run->feed(again);
  BOOST_TEST(run->finished());
  const auto steps = run->take_steps();
  BOOST_TEST_REQUIRE(steps.size() == 1u);
  BOOST_TEST(!steps[0].error.has_value());
}

BOOST_AUTO_TEST_CASE(failed_steps_take_new_answers_after_a_rewind) {
  instance it(three_at_once, impure);
  it.start();
  it.fail(1, reprise::fail("first"));
  it.answer(2, "B");
  it.answer(3, "C");
  const auto plan = plan_of(it);
  auto history = it.history();
  auto& mark = history.emplace_back();
  mark.kind = event_kind::rewound;
  mark.number = history.size() - 1;
  auto run = it.undone(plan.undone, history);
  BOOST_TEST(run->open(1));
  BOOST_TEST(!run->open(2));
  // The last input is given again too: it did not fail, but it is what ended the code.
  reprise::history_event again;
  again.kind = event_kind::fed;
  again.target = 6;
  again.number = run->next_number();
  run->feed(again);
  reprise::history_event answer;
  answer.kind = event_kind::answered;
  answer.target = 1;
  answer.value = reprise::payload("A");
  answer.number = run->next_number();
  run->feed(answer);
  BOOST_TEST(run->finished());
}

BOOST_AUTO_TEST_SUITE_END()
