#include "tests/actors/instance.hpp"

using namespace reprise::testing;
using reprise::task;

namespace {
constexpr reprise::activity<std::string, std::string> hello{"hello"};
constexpr reprise::activity<std::string, std::uint32_t> length{"length"};
constexpr reprise::actor<reprise::none> shelf{"shelf"};
constexpr reprise::operation<reprise::none, reprise::none, std::uint32_t> count{shelf, "count"};

task<std::string> two_in_turn() {
  auto first = co_await hello("Tokyo");
  auto second = co_await hello(*first + "!");
  co_return *first + " " + *second;
}

task<std::string> inner(std::string city) {
  auto greeting = co_await hello(city);
  co_return *greeting + "?";
}
task<std::string> outer() {
  auto first = co_await inner("Oslo");
  auto second = co_await inner("Rome");
  co_return *first + *second;
}

task<std::string> no_payload_inside() {
  std::string out;
  for (int i = 0; i < 3; ++i) {
    auto one = co_await count("tea");
    out += std::to_string(*one);
  }
  co_return out;
}

task<std::string> catches() {
  std::string text;
  try {
    co_await hello("x");
  } catch (const reprise::failed& e) {
    text = e.why().text;
  }
  auto again = co_await hello(text);
  co_return *again;
}

task<> throws_own() {
  co_await hello("x");
  throw std::runtime_error("out of luck");
}
task<std::string> gives_a_failure() {
  co_await hello("x");
  co_return reprise::reject("not today");
}
task<std::uint32_t> all_lengths() {
  std::vector<reprise::call<std::uint32_t>> calls;
  for (auto word : {"a", "bb", "ccc"}) calls.push_back(length(word));
  std::uint32_t sum = 0;
  for (auto one : co_await reprise::all(std::move(calls))) sum += *one;
  co_return sum;
}
task<std::string> each_of_all() {
  std::vector<reprise::call<std::string>> calls;
  for (auto word : {"a", "b"}) calls.push_back(hello(word));
  auto each = co_await reprise::attempt(reprise::all(std::move(calls)));
  co_return every(each) ? "all" : each[0] ? "first" : each[1] ? "second" : "none";
}
task<std::string> all_of_nothing() {
  auto got = co_await reprise::all(std::vector<reprise::call<std::string>>());
  co_return std::to_string(got.size());
}
task<std::string> mixed() {
  auto [text, number, nap] = co_await reprise::all(hello("x"), count("tea"), reprise::sleep(1s));
  co_return *text + std::to_string(*number);
}
task<std::string> tried() {
  auto got =
      co_await reprise::attempt(hello("x").with(reprise::retry{.attempts = 3, .first = 5ms}));
  co_return got ? **got : got.error().text;
}
}  // namespace

BOOST_AUTO_TEST_SUITE(sequence)

BOOST_AUTO_TEST_CASE(each_answer_leads_to_the_next_step) {
  instance it(two_in_turn);
  BOOST_TEST(it.start() == "1 activity hello");
  BOOST_TEST(it.answer(1, "Hi") == "3 activity hello");
  BOOST_TEST(it.step(3).value.bytes() == "Hi!");
  BOOST_TEST(it.answer(3, "Ho") == "5 completion");
  BOOST_TEST(it.text() == "Hi Ho");
}

BOOST_AUTO_TEST_CASE(an_awaited_coroutine_is_inlined) {
  instance it(outer);
  BOOST_TEST(it.start() == "1 activity hello");
  BOOST_TEST(it.answer(1, "Hei") == "3 activity hello");
  it.answer(3, "Ciao");
  BOOST_TEST(it.text() == "Hei?Ciao?");
}

BOOST_AUTO_TEST_CASE(operations_carry_actor_key_and_operation) {
  instance it(no_payload_inside);
  BOOST_TEST(it.start() == "1 operation shelf/tea count");
  BOOST_TEST(it.waits() == "operation shelf/tea count");
  it.answer(1, 1u);
  it.answer(3, 2u);
  it.answer(5, 3u);
  BOOST_TEST(it.text() == "123");
}

BOOST_AUTO_TEST_CASE(a_failure_is_thrown_where_it_is_awaited) {
  instance it(catches);
  it.start();
  BOOST_TEST(it.fail(1, reprise::reject("no")) == "3 activity hello");
  it.answer(3, "sorry");
  BOOST_TEST(it.text() == "sorry");
}

BOOST_AUTO_TEST_CASE(an_uncaught_failure_ends_the_orchestration_with_it) {
  instance it(two_in_turn);
  it.start();
  BOOST_TEST(it.fail(1, reprise::reject("out of stock")) == "3 completion");
  BOOST_TEST((it.error() == reprise::reject("out of stock")));
}

BOOST_AUTO_TEST_CASE(any_other_exception_ends_the_orchestration_as_failed) {
  instance it(throws_own);
  it.start();
  it.answer(1, "x");
  BOOST_TEST((it.error().why == reprise::cause::failed));
  BOOST_TEST(it.error().text == "out of luck");
}

BOOST_AUTO_TEST_CASE(a_failure_may_be_returned) {
  instance it(gives_a_failure);
  it.start();
  it.answer(1, "x");
  BOOST_TEST((it.error() == reprise::reject("not today")));
}

BOOST_AUTO_TEST_CASE(an_answer_of_another_type_is_a_failure_of_its_call) {
  instance it(no_payload_inside);
  it.start();
  it.answer(1, "text, not a number");
  BOOST_TEST((it.error().why == reprise::cause::invalid));
}

BOOST_AUTO_TEST_CASE(all_waits_for_every_arm) {
  instance it(all_lengths);
  BOOST_TEST(it.start() == "1 activity length, 2 activity length, 3 activity length");
  BOOST_TEST(it.answer(3, 3u) == "");
  BOOST_TEST(it.answer(1, 1u) == "");
  BOOST_TEST(it.answer(2, 2u) == "7 completion");
  BOOST_TEST(*it.outcome<std::uint32_t>() == 6u);
}

BOOST_AUTO_TEST_CASE(all_throws_the_first_failure_in_list_order) {
  instance it(all_lengths);
  it.start();
  it.fail(3, reprise::reject("third"));
  it.fail(2, reprise::reject("second"));
  BOOST_TEST(it.answer(1, 1u) == "7 completion");
  BOOST_TEST(it.error().text == "second");
}

BOOST_AUTO_TEST_CASE(attempt_of_all_gives_each_result) {
  instance it(each_of_all);
  it.start();
  it.fail(1, reprise::reject("no"));
  it.answer(2, "yes");
  BOOST_TEST(it.text() == "second");
}

BOOST_AUTO_TEST_CASE(all_of_an_empty_list_completes_at_once) {
  instance it(all_of_nothing);
  BOOST_TEST(it.start() == "1 completion");
  BOOST_TEST(it.text() == "0");
}

BOOST_AUTO_TEST_CASE(arms_of_several_types_give_a_tuple) {
  instance it(mixed);
  BOOST_TEST(it.start() == "1 activity hello, 2 operation shelf/tea count, 3 timer");
  BOOST_TEST((it.step(3).due == it.now_ + 1s));
  it.fire(3);
  it.answer(2, 5u);
  it.answer(1, "x");
  BOOST_TEST(it.text() == "x5");
}

BOOST_AUTO_TEST_CASE(attempt_makes_a_failure_a_value_and_the_policy_is_recorded) {
  instance it(tried);
  it.start();
  BOOST_TEST(it.step(1).policy.attempts == 3u);
  it.fail(1, reprise::fail("third time unlucky"));
  BOOST_TEST(it.text() == "third time unlucky");
}

BOOST_AUTO_TEST_CASE(late_doubled_and_unknown_answers_are_ignored) {
  instance it(two_in_turn);
  it.start();
  BOOST_TEST(it.run().open(1));
  it.answer(1, "Hi");
  BOOST_TEST(!it.run().open(1));
  BOOST_TEST(!it.run().open(0));
  BOOST_TEST(!it.run().open(99));
  BOOST_TEST(it.answer(1, "again") == "");
  BOOST_TEST(it.answer(99, "who") == "");
  BOOST_TEST(it.answer(3, "Ho") == "7 completion");
  BOOST_TEST(it.answer(3, "late") == "");
  BOOST_TEST(it.start() == "");
  BOOST_TEST((it.step(7).kind == event_kind::completed));
}

BOOST_AUTO_TEST_SUITE_END()
