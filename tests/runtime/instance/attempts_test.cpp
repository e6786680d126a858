// A step that is tried again: its history says how each attempt went, and while it goes on "why" says what
// is tried next and what was wrong with the last one.

#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "actors/history.hpp"
#include "tests/support/parts.hpp"
#include "tests/support/world.hpp"

using namespace reprise;
using namespace reprise::testing;
using namespace std::chrono_literals;
using parts::number;

namespace {

constexpr activity<number, number> shaky{"shaky"};
constexpr actor<number> grump{"grump"};
constexpr operation<number, number, number> grant{grump, "grant"};
constexpr orchestration<number, number> kin{"kin"};
constexpr orchestration<number, number> stubborn{"stubborn"}, helpless{"helpless"};
constexpr orchestration<number, number> hurried{"hurried"};
constexpr orchestration<number, number> patient{"patient"}, parental{"parental"};

number failures = 0;  // to come
number tries = 0;

result<number> run_shaky(number n) {
  if (++tries <= failures) return fail("no " + std::to_string(tries));
  return n;
}
struct grumpy {
  state<number> held;
  result<number> grant(number n) { return run_shaky(n); }
};
constexpr retry often{.attempts = 20, .first = 1s, .factor = 1};

task<number> run_stubborn(number n) {
  auto got = co_await shaky(n).with(often);
  co_return *got;
}
task<number> run_hurried(number n) {
  auto got = co_await race(shaky(n).with(often), sleep(1500ms));
  co_return got ? **got : 0;
}
task<number> run_helpless(number n) {
  auto got = co_await shaky(n);
  co_return *got;
}
task<number> run_patient(number n) {
  auto got = co_await grant("g", n).with(often);
  co_return *got;
}
task<number> run_kin(number n) {
  auto got = co_await shaky(n);
  co_return *got;
}
task<number> run_parental(number n) {
  auto got = co_await kin(n).with(often);
  co_return *got;
}

application bound() {
  auto app = parts::bound();
  app.bind(shaky, run_shaky).bind(grant, &grumpy::grant).bind(kin, run_kin);
  app.bind(stubborn, run_stubborn).bind(helpless, run_helpless);
  app.bind(patient, run_patient).bind(parental, run_parental).bind(hurried, run_hurried);
  return app;
}

struct stage {
  explicit stage(number will_fail) : w(1, disk::memory, bound) {
    failures = will_fail;
    tries = 0;
  }
  void end(const std::string& id) {
    w.run_until([&] { return w.ended(id); }, 1h);
  }
  instance_status page(const std::string& id) { return **w.status(id, with_history::yes); }
  std::vector<tried> attempts(const std::string& id) {
    for (const auto& e : page(id).history)
      if (e.kind == event_kind::answered) return e.attempts;
    return {};
  }
  wait_reason why(const std::string& id) {
    wait_reason reason;
    w.at().instances().why(id, [&](result<instance_waits> r) { reason = r->reasons.at(0); });
    w.run();
    return reason;
  }
  world w;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(attempts)

BOOST_AUTO_TEST_CASE(each_failed_attempt_is_recorded_with_the_answer_of_its_step) {
  for (const auto& begun : {stubborn.as("i", number{7}).what(), patient.as("i", number{7}).what(),
                            parental.as("i", number{7}).what()}) {
    stage s(3);
    s.w.start(begun);
    s.end("i");
    const auto all = s.attempts("i");
    BOOST_TEST_REQUIRE(all.size() == 4u, begun.name);
    for (std::uint32_t i = 0; i < 4; ++i) {
      BOOST_TEST(all[i].number == i + 1);
      BOOST_TEST((all[i].queued <= all[i].ended));
      BOOST_TEST((i == 0 || all[i].queued >= all[i - 1].ended + 1s));
      BOOST_TEST(all[i].error.has_value() == (i < 3));
      if (i < 3) BOOST_TEST(all[i].error->text == "no " + std::to_string(i + 1));
    }
  }
}

BOOST_AUTO_TEST_CASE(an_attempt_of_an_activity_records_when_it_began_on_its_thread) {
  stage s(1);
  s.w.start(stubborn.as("i", number{7}));
  s.end("i");
  for (const auto& one : s.attempts("i"))
    BOOST_TEST((one.queued <= one.began && one.began <= one.ended && one.began != time_point{}));
}

BOOST_AUTO_TEST_CASE(the_first_three_and_the_last_seven_are_kept) {
  stage s(14);
  s.w.start(stubborn.as("i", number{7}));
  s.end("i");
  std::vector<std::uint32_t> kept;
  for (const auto& one : s.attempts("i")) kept.push_back(one.number);
  const std::vector<std::uint32_t> wanted{1, 2, 3, 9, 10, 11, 12, 13, 14, 15};
  BOOST_TEST(kept == wanted, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(attempts_before_a_crash_are_recorded_too) {
  stage s(3);
  s.w.start(stubborn.as("i", number{7}));
  s.w.run_until([] { return tries == 2; });
  s.w.run();
  s.w.crash();
  s.w.open();
  s.end("i");
  const auto all = s.attempts("i");
  BOOST_TEST_REQUIRE(all.size() == 4u);
  BOOST_TEST(all[1].error->text == "no 2");
  BOOST_TEST((all[2].queued > all[1].ended));
}

BOOST_AUTO_TEST_CASE(a_step_answered_at_its_first_attempt_records_no_attempts) {
  stage s(0);
  s.w.start(stubborn.as("i", number{7}));
  s.end("i");
  BOOST_TEST(s.attempts("i").empty());
}

BOOST_AUTO_TEST_CASE(a_wait_reason_names_the_last_failure_and_the_time_of_the_next_attempt) {
  for (const auto& begun :
       {stubborn.as("i", number{7}).what(), patient.as("i", number{7}).what()}) {
    stage s(2);
    s.w.start(begun);
    s.w.run_until([] { return tries == 2; });
    s.w.run();
    const auto reason = s.why("i");
    BOOST_TEST(reason.attempt == 3u);
    BOOST_TEST_REQUIRE(reason.last_failure.has_value());
    BOOST_TEST(reason.last_failure->text == "no 2");
    BOOST_TEST((reason.next_attempt == s.w.now() + 1s));
    BOOST_TEST_INFO(reason.owed_by);
    BOOST_TEST(reason.owed_by.find("not before 2026-11-23T00:00:02Z, after attempt 2 of 20 failed: "
                                   "no 2") != std::string::npos);
  }
}

// What "why" says is among the activities of the instance too, also when the process is another by now.
BOOST_AUTO_TEST_CASE(an_activity_that_waits_for_its_next_attempt_is_shown_with_its_time) {
  for (const bool crash : {false, true}) {
    stage s(2);
    s.w.start(stubborn.as("i", number{7}));
    s.w.run_until([] { return tries == 2; });
    s.w.run();
    if (crash) {
      s.w.crash();
      s.w.open();
    }
    const auto all = s.page("i").activities;
    BOOST_TEST_REQUIRE(all.size() == 1u);
    BOOST_TEST(all[0].name == "shaky");
    BOOST_TEST(all[0].step == 1u);
    BOOST_TEST(all[0].attempt == 3u);
    BOOST_TEST((all[0].due == s.why("i").next_attempt));
    BOOST_TEST(!all[0].began.has_value());
    s.end("i");
    BOOST_TEST(s.w.engine().activities.of("i").empty());
  }
}

// Before its request is durable an attempt is known by its place alone, and has not begun.
BOOST_AUTO_TEST_CASE(an_activity_that_is_shown_has_a_name) {
  stage s(2);
  s.w.at().start(stubborn.as("i", number{7}).what(), {}, [](const result<std::string>&) {});
  std::size_t shown = 0;
  do {
    for (const auto& one : s.w.engine().activities.of("i")) {
      BOOST_TEST(one.name == "shaky");
      ++shown;
    }
  } while (s.w.step());
  BOOST_TEST(shown > 0u);
}

BOOST_AUTO_TEST_CASE(an_activity_that_nobody_waits_for_any_more_is_not_shown) {
  for (const bool withdrawn : {false, true}) {
    stage s(1'000);
    const auto begun = withdrawn ? hurried.as("i", number{7}) : stubborn.as("i", number{7});
    s.w.start(begun.what());
    s.w.run_until([] { return tries == 2; });
    s.w.run();
    BOOST_TEST(s.w.engine().activities.of("i").size() == 1u);
    if (withdrawn)
      s.end("i");  // by its clock
    else
      BOOST_REQUIRE(*s.w.terminate("i", "enough"));
    s.w.run();
    BOOST_TEST(s.w.ended("i"));
    BOOST_TEST(s.w.engine().activities.of("i").empty());
  }
}

BOOST_AUTO_TEST_CASE(a_failure_names_the_step_that_it_came_from) {
  const std::pair<request, std::string> rows[] = {
      {helpless.as("i", number{7}).what(), "activity shaky"},
      {parental.as("i", number{7}).what(), "activity shaky"},  // of the child
  };
  for (const auto& [begun, from] : rows) {
    stage s(1'000);
    s.w.start(begun);
    s.end("i");
    const auto outcome = s.page("i").outcome;
    BOOST_TEST_REQUIRE((outcome && !*outcome));
    BOOST_TEST(outcome->error().from == from);
  }
}

BOOST_AUTO_TEST_SUITE_END()
