#include "tests/actors/instance.hpp"

using namespace reprise::testing;
using reprise::task;

namespace {
constexpr reprise::activity<std::string, std::string> work{"work"};
constexpr reprise::activity<std::string, std::uint32_t> size{"size"};
constexpr reprise::event<std::string> verdict{"verdict"};
constexpr reprise::event<std::string> note{"note"};

task<std::string> work_or_size() {
  auto won = co_await reprise::race(work("w"), size("s"));
  std::string out = won.index() == 0 ? *won.get<0>() : std::to_string(*won.get<1>());
  co_await work(out);
  co_return out;
}
task<std::string> verdict_or_day() {
  auto answer = co_await reprise::race(verdict(), reprise::sleep(24h));
  co_return answer ? **answer : "silence";
}
task<std::string> clock_first() {
  auto answer = co_await reprise::race(reprise::sleep(1s), work("w"));
  co_return answer ? **answer : "silence";
}
task<std::string> tried_race() {
  auto won = co_await reprise::attempt(reprise::race(work("w"), size("s")));
  co_return won ? "won" : won.error().text;
}
// Asks again every hour until there is a verdict, then takes the notes that came meanwhile.
task<std::string> reminder_loop() {
  std::string out;
  for (int asked = 1;; ++asked) {
    auto answer = co_await reprise::race(verdict(), reprise::sleep(1h));
    if (!answer) continue;
    out = **answer + " after " + std::to_string(asked);
    break;
  }
  auto second = co_await verdict();
  co_return out + ", then " + *second;
}
task<std::string> verdict_or_note() {
  co_await work("first");
  auto won = co_await reprise::race(verdict(), note());
  std::string out = won.index() == 0 ? "verdict " + *won.get<0>() : "note " + *won.get<1>();
  auto other = co_await reprise::race(verdict(), note());
  co_return out + ", " +
      (other.index() == 0 ? "verdict " + *other.get<0>() : "note " + *other.get<1>());
}
task<std::string> three_ways() {
  auto won = co_await reprise::race(work("w"), verdict(), reprise::sleep(1min));
  co_return std::to_string(won.index());
}
}  // namespace

BOOST_AUTO_TEST_SUITE(race)

BOOST_AUTO_TEST_CASE(the_first_answer_wins_and_the_other_is_withdrawn_in_the_same_turn) {
  instance it(work_or_size);
  BOOST_TEST(it.start() == "1 activity work, 2 activity size");
  BOOST_TEST(it.answer(2, 5u) == "4 withdrawal of step 1, 5 activity work");
  BOOST_TEST(!it.run().open(1));
  BOOST_TEST(it.answer(1, "late") == "");
  it.answer(5, "");
  BOOST_TEST(it.text() == "5");
}

BOOST_AUTO_TEST_CASE(the_other_arm_wins_when_its_answer_comes_first) {
  instance it(work_or_size);
  it.start();
  BOOST_TEST(it.answer(1, "done") == "4 withdrawal of step 2, 5 activity work");
  it.answer(5, "");
  BOOST_TEST(it.text() == "done");
}

BOOST_AUTO_TEST_CASE(a_failure_can_win_the_race) {
  instance it(work_or_size);
  it.start();
  BOOST_TEST(it.fail(1, reprise::reject("no")) == "4 withdrawal of step 2, 5 completion");
  BOOST_TEST(it.error().text == "no");
}

BOOST_AUTO_TEST_CASE(attempt_of_a_race_gives_the_failure_as_a_value) {
  instance it(tried_race);
  it.start();
  it.fail(2, reprise::reject("no"));
  BOOST_TEST(it.text() == "no");
}

BOOST_AUTO_TEST_CASE(a_race_of_one_arm_with_a_timer_gives_an_optional) {
  {
    instance it(verdict_or_day);
    BOOST_TEST(it.start() == "1 event verdict, 2 timer");
    BOOST_TEST(it.raise("verdict", std::string("yes")) == "4 withdrawal of step 2, 5 completion");
    BOOST_TEST(it.text() == "yes");
  }
  {
    instance it(verdict_or_day);
    it.start();
    BOOST_TEST(it.fire(2) == "4 withdrawal of step 1, 5 completion");
    BOOST_TEST(it.text() == "silence");
  }
  {
    instance it(clock_first);
    it.start();
    it.answer(2, "in time");
    BOOST_TEST(it.text() == "in time");
  }
}

BOOST_AUTO_TEST_CASE(the_reminder_loop_swallows_nothing) {
  instance it(reminder_loop);
  it.start();
  std::uint64_t timer = 2;
  for (int round = 0; round < 5; ++round) {
    it.pass(1h);
    it.fire(timer);
    timer += 4;  // the answer, a withdrawal, a wait, a timer
    BOOST_TEST((it.step(timer).kind == event_kind::timer));
    BOOST_TEST((it.step(timer).due == it.now_ + 1h));
  }
  BOOST_TEST(it.waits().find("event verdict, timer until") == 0u);
  it.raise("verdict", std::string("approved"));
  BOOST_TEST(it.waits() == "event verdict");
  it.raise("verdict", std::string("confirmed"));
  BOOST_TEST(it.text() == "approved after 6, then confirmed");
}

BOOST_AUTO_TEST_CASE(the_first_raised_of_two_buffered_events_wins_and_the_other_stays) {
  instance it(verdict_or_note);
  it.start();
  it.raise("note", std::string("n"));
  it.raise("verdict", std::string("v"));
  BOOST_TEST(it.run().buffered_events() == 2u);
  BOOST_TEST(it.answer(1, "") ==
             "5 event verdict, 6 event note, 7 withdrawal of step 5, "
             "8 event verdict, 9 event note, 10 withdrawal of step 9, 11 completion");
  BOOST_TEST(it.text() == "note n, verdict v");
}

BOOST_AUTO_TEST_CASE(an_event_after_a_lost_wait_goes_to_the_next_one) {
  instance it(verdict_or_note);
  it.start();
  it.answer(1, "");
  it.raise("note", std::string("n1"));
  BOOST_TEST(it.waits() == "event verdict, event note");
  it.raise("note", std::string("n2"));
  BOOST_TEST(it.text() == "note n1, note n2");
}

BOOST_AUTO_TEST_CASE(any_mix_of_arms_and_any_of_them_may_win) {
  for (int winner = 0; winner < 3; ++winner) {
    instance it(three_ways);
    it.start();
    auto steps = winner == 0   ? it.answer(1, "w")
                 : winner == 1 ? it.raise("verdict", std::string("v"))
                               : it.fire(3);
    BOOST_TEST(steps ==
               (winner == 0   ? "5 withdrawal of step 2, 6 withdrawal of step 3, 7 completion"
                : winner == 1 ? "5 withdrawal of step 1, 6 withdrawal of step 3, 7 completion"
                              : "5 withdrawal of step 1, 6 withdrawal of step 2, 7 completion"));
    BOOST_TEST(it.text() == std::to_string(winner));
  }
}

BOOST_AUTO_TEST_SUITE_END()
