// Inputs that were consumed while the instance was suspended or stalled: in the history, but the
// code is given them later, by `fed`.

#include "tests/actors/instance.hpp"

using namespace reprise::testing;
using reprise::task;

namespace {
constexpr reprise::activity<std::string, std::string> work{"work"};
constexpr reprise::event<std::string> word{"word"};

task<std::string> body() {
  auto first = co_await work("x");
  auto second = co_await word();
  auto at = co_await reprise::now();
  co_await reprise::sleep(1h);
  co_return *first + *second + std::to_string(at.time_since_epoch() / 24h % 2);
}

reprise::history_event deferred_answer(std::uint64_t step, std::string text) {
  reprise::history_event input;
  input.kind = event_kind::answered;
  input.target = step;
  input.value = reprise::payload(std::move(text));
  input.deferred = true;
  return input;
}
reprise::history_event fed(std::uint64_t number) {
  reprise::history_event input;
  input.kind = event_kind::fed;
  input.target = number;
  return input;
}
}  // namespace

BOOST_AUTO_TEST_SUITE(deferred)

BOOST_AUTO_TEST_CASE(no_code_runs_until_it_is_fed_and_then_at_the_time_it_came) {
  instance it(body);
  it.start();
  BOOST_TEST(it.feed(deferred_answer(1, "a")) == "");
  BOOST_TEST(!it.run().open(1));  // a doubled answer is dropped
  auto came = it.now_ += 1min;
  reprise::history_event raised;
  raised.kind = event_kind::raised;
  raised.name = "Word";
  raised.value = reprise::payload("w");
  raised.deferred = true;
  BOOST_TEST(it.feed(raised) == "");
  it.pass(5h);
  BOOST_TEST(it.feed(fed(2)) == "5 event word");
  BOOST_TEST((it.step(5).at == it.now_));
  BOOST_TEST(it.feed(fed(3)) == "7 timer");
  BOOST_TEST((it.step(7).due == came + 1h));
  it.fire(7);
  BOOST_TEST(it.finished());
}

BOOST_AUTO_TEST_CASE(a_fed_event_for_an_input_that_is_not_deferred_does_nothing) {
  instance it(body);
  it.start();
  BOOST_TEST(it.feed(fed(0)) == "");
  BOOST_TEST(it.feed(fed(77)) == "");
  BOOST_TEST(it.feed(deferred_answer(1, "a")) == "");
  it.feed(fed(4));
  BOOST_TEST(it.feed(fed(4)) == "");
  BOOST_TEST(it.waits() == "event word");
}

BOOST_AUTO_TEST_SUITE_END()
