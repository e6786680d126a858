// The world that users test with, used as they would.

#include "runtime/world.hpp"

#include <chrono>
#include <set>
#include <stdexcept>
#include <string>

#include <boost/test/unit_test.hpp>

#include "tests/support/parts.hpp"

using namespace reprise;
using namespace std::chrono_literals;
namespace parts = testing::parts;

namespace {

inline constexpr event<bool> verdict{"verdict"};
inline constexpr orchestration<std::string, std::string> approval{"approval"};
inline constexpr orchestration<none, std::string> order{"order"};

task<std::string> run_approval(std::string what) {
  auto answer = co_await race(verdict(), sleep(30 * 24h));
  if (!answer) co_return what + ": nobody answered";
  co_return what + (**answer ? ": approved" : ": refused");
}

task<std::string> run_stricter(std::string what) {
  auto answer = co_await verdict();
  co_return what + (*answer ? ": approved" : ": refused");
}

// Which of two activities ends first is nobody's to say.
inline constexpr activity<std::int64_t, std::int64_t> echo{"echo"};
result<std::int64_t> give_back(std::int64_t n) { return n; }
task<std::string> run_order() {
  std::vector<pending<std::int64_t>> both;
  for (std::int64_t i = 0; i < 2; ++i) both.push_back(co_await begin(echo(i)));
  const auto first = co_await next(both);
  co_return std::to_string(first);
}

// What code gets when it calls, and locks, an actor of this key.
inline constexpr orchestration<std::string, std::string> reach{"reach"};
task<std::string> run_reach(std::string key) {
  auto called = co_await attempt(parts::add(key, 1));
  auto locked = co_await attempt(lock(parts::tally(key)));
  std::string all(called ? "done" : to_string(called.error().why));
  all += ' ';
  all += locked ? "done" : to_string(locked.error().why);
  co_return all;
}

application office() {
  auto app = parts::bound();
  app.bind(reach, run_reach);
  app.bind(verdict).bind(approval, run_approval).bind(echo, give_back).bind(order, run_order);
  return app;
}

application stricter_office() {
  application app;
  app.bind(verdict).bind(approval, run_stricter);
  return app;
}

std::string outcome(testing::world& w, const std::string& id) {
  const auto end = w.wait(approval, id);
  return end ? **end : end.error().text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(world_of_users)

BOOST_AUTO_TEST_CASE(a_month_without_an_answer_passes_at_once) {
  testing::world w(office());
  const auto began = w.now();
  BOOST_TEST_REQUIRE(!!w.start(approval.as("a", std::string("chair"))));
  w.advance(30 * 24h - 1s);
  BOOST_TEST((w.status("a")->state == instance_state::running));
  w.advance(1s);
  BOOST_TEST((w.status("a")->state == instance_state::completed));
  BOOST_TEST(outcome(w, "a") == "chair: nobody answered");
  BOOST_TEST((w.now() - began == 30 * 24h));
}

BOOST_AUTO_TEST_CASE(waiting_moves_the_clock_no_further_than_the_end) {
  testing::world w(office());
  const auto began = w.now();
  const auto end = w.ask(approval.as("a", std::string("desk")));
  BOOST_TEST_REQUIRE(!!end);
  BOOST_TEST(**end == "desk: nobody answered");
  BOOST_TEST((w.now() - began == 30 * 24h));
}

BOOST_AUTO_TEST_CASE(an_event_is_answered_to_before_the_month_is_over) {
  testing::world w(office());
  BOOST_TEST_REQUIRE(!!w.start(approval.as("a", std::string("lamp"))));
  w.advance(3 * 24h);
  BOOST_TEST_REQUIRE(!!w.raise(verdict.to("a", true)));
  BOOST_TEST(outcome(w, "a") == "lamp: approved");
  BOOST_TEST((w.raise(verdict.to("a", true)).error().why == cause::gone));
}

BOOST_AUTO_TEST_CASE(an_answered_call_outlives_a_restart) {
  testing::world w(office());
  BOOST_TEST(**w.ask(parts::add("a", 3)) == 3);
  BOOST_TEST_REQUIRE(!!w.tell(parts::add("a", 4)));
  BOOST_TEST_REQUIRE(!!w.start(approval.as("a", std::string("sofa"))));
  w.advance(24h);
  const auto before = w.now();
  w.restart();
  BOOST_TEST((w.now() == before));
  BOOST_TEST(**w.ask(parts::read("a")) == 7);
  BOOST_TEST(outcome(w, "a") == "sofa: nobody answered");
  BOOST_TEST((w.now() - before == 29 * 24h));
}

BOOST_AUTO_TEST_CASE(a_refusal_and_a_termination_are_values) {
  testing::world w(office());
  BOOST_TEST((w.ask(parts::add("a", -1)).error().why == cause::rejected));
  BOOST_TEST((w.status("a").error().why == cause::not_found));
  BOOST_TEST((w.wait(approval, "a").error().why == cause::not_found));
  BOOST_TEST_REQUIRE(!!w.start(approval.as("a", std::string("rug"))));
  BOOST_TEST((w.start(approval.as("a", std::string("rug"))).error().why == cause::exists));
  BOOST_TEST_REQUIRE(!!w.terminate("a", "moved"));
  const auto end = w.wait(approval, "a");
  BOOST_TEST_REQUIRE(!end);
  BOOST_TEST((end.error().why == cause::terminated));
  BOOST_TEST(end.error().text == "moved");
}

BOOST_AUTO_TEST_CASE(a_wait_that_nothing_can_end_times_out_with_the_reason) {
  testing::world w(office());
  const auto id = w.start(parts::collect.as("a"));
  BOOST_TEST_REQUIRE(!!id);
  const auto end = w.wait(parts::collect, *id);
  BOOST_TEST_REQUIRE(!end);
  BOOST_TEST((end.error().why == cause::timed_out));
  BOOST_TEST(end.error().text.find("it waits for event nudge: whoever raises") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(code_that_does_not_fit_shows_after_a_restart_with_it) {
  testing::world w(office());
  BOOST_TEST_REQUIRE(!!w.start(approval.as("a", std::string("bed"))));
  w.run();
  w.restart(stricter_office());
  BOOST_TEST_REQUIRE(!!w.raise(verdict.to("a", true)));  // only now it is looked at
  w.run();
  const auto stalled = w.status("a");
  BOOST_TEST_REQUIRE(!!stalled);
  BOOST_TEST((stalled->state == instance_state::stalled));
  BOOST_TEST(stalled->finding.find("timer") != std::string::npos, stalled->finding);
  w.restart(office());
  BOOST_TEST(outcome(w, "a") == "bed: approved");
}

BOOST_AUTO_TEST_CASE(a_seed_decides_the_interleaving) {
  std::set<std::string> seen;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const auto first = [&] { return **testing::world(office(), seed).ask(order()); };
    const auto once = first();
    BOOST_TEST(first() == once);
    seen.insert(once);
  }
  BOOST_TEST(seen.size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_key_that_nobody_could_name_is_made_nowhere) {
  testing::world w(office());
  const std::string bad[] = {".", "..", "a/b", "@a", "a\xc2\x85", "a\xe2\x80\xae", "\xe2\x81\xa6"};
  for (const auto& key : bad) {
    const auto started = w.start(approval.as(key, "bed"));
    BOOST_TEST((!started && started.error().why == cause::invalid), key);
    const auto asked = w.ask(parts::add(key, 1));
    BOOST_TEST((!asked && asked.error().why == cause::invalid), key);
    const auto from_code = w.ask(reach(key));
    BOOST_TEST((from_code && **from_code == "invalid invalid"), key);
  }
  BOOST_TEST(**w.ask(reach("...")) == "done done");
}

BOOST_AUTO_TEST_SUITE_END()
