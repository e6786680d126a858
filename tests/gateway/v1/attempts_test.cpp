// What the outside is told of a step that is tried again: over HTTP and on the command line.

#include <string>

#include <boost/test/unit_test.hpp>

#include "gateway/json/json_in.hpp"
#include "gateway/json/json_parts.hpp"
#include "tests/gateway/cli/command_line.hpp"
#include "tests/gateway/served.hpp"

namespace {

using namespace reprise;
using namespace reprise::gateway_test;
using namespace std::chrono_literals;
using gateway::json_elements;
using gateway::json_text;
using gateway::plain_member;

constexpr activity<std::int64_t, std::int64_t> wobble{"wobble"};  // fails so often
constexpr orchestration<std::int64_t, std::int64_t> quick{"quick"}, slow{"slow"}, once{"once"};

result<std::int64_t> run_wobble(std::int64_t failures, attempt_context& here) {
  if (here.attempt() <= failures) return fail("not the " + std::to_string(here.attempt()) + ".");
  return here.attempt();
}
task<std::int64_t> run_quick(std::int64_t failures) {
  auto got = co_await wobble(failures).with(retry{.attempts = 20, .first = 1ms, .factor = 1});
  co_return *got;
}
task<std::int64_t> run_slow(std::int64_t failures) {
  auto got = co_await wobble(failures).with(retry{.attempts = 20, .first = 24h});
  co_return *got;
}
task<std::int64_t> run_once(std::int64_t failures) {
  auto got = co_await wobble(failures);
  co_return *got;
}

application wobbly() {
  application app;
  app.bind(wobble, run_wobble).bind(quick, run_quick).bind(slow, run_slow).bind(once, run_once);
  return app;
}

struct stage : served {
  stage() : served(wobbly()) {}
  void start(const std::string& name, const std::string& input) {
    BOOST_TEST_REQUIRE(post_json("/v1/orchestrations/" + name + "?id=i", input).status == 201u);
  }
  finished table(const std::string& command) {
    return run({command, "i", "--server", url(), "-o", "table"});
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(attempts_shown)

BOOST_AUTO_TEST_CASE(a_history_shows_the_failed_attempts_of_an_activity) {
  stage s;
  s.start("quick", "14");
  s.ended("i");
  std::string answered;
  for (auto& e : json_elements(json_text(s.ask("GET", "/v1/instances/i/history").body, "events")))
    if (plain_member(e, "kind") == "answered") answered = e;
  const auto attempts = json_elements(json_text(answered, "attempts"));
  BOOST_TEST_REQUIRE(attempts.size() == 10u, answered);
  BOOST_TEST(plain_member(attempts[2], "number") == "3");
  BOOST_TEST(plain_member(attempts[2], "failure.text") == "not the 3.");
  BOOST_TEST(plain_member(attempts[3], "number") == "9");
  BOOST_TEST(plain_member(attempts[9], "failure.text") == "");
  for (const auto* time : {"queued", "began", "ended"})
    BOOST_TEST(plain_member(attempts[9], time).starts_with("20"), time);
  BOOST_TEST(plain_member(answered, "left_out") == "5");
  const auto shown = s.table("history").out;
  for (const auto* line : {"  attempt 1  ", "not the 3.", "  attempt 9  ", "not the 14."})
    BOOST_TEST(contains(shown, line), shown);
  BOOST_TEST(!contains(shown, "not the 8."), shown);
}

// When the first attempt has failed is not told to anybody, and before its first turn the instance waits
// for nothing.
BOOST_AUTO_TEST_CASE(the_why_route_shows_the_last_failure_and_the_time_of_the_next_attempt) {
  stage s;
  s.start("slow", "3");
  std::string wait;
  until([&] {
    const auto why = s.ask("GET", "/v1/instances/i/why").body;
    const auto waits = json_elements(json_text(why, "waits"));
    if (!waits.empty()) wait = waits[0];
    return contains(wait, "last_failure");
  });
  BOOST_TEST(plain_member(wait, "attempt") == "2");
  BOOST_TEST(plain_member(wait, "last_failure.text") == "not the 1.");
  BOOST_TEST(plain_member(wait, "next_attempt").starts_with("20"), wait);
  const auto page = s.ask("GET", "/v1/instances/i").body;
  const auto activities = json_elements(json_text(page, "activities"));
  BOOST_TEST_REQUIRE(activities.size() == 1u, page);
  BOOST_TEST(plain_member(activities[0], "name") == "wobble", page);
  BOOST_TEST(plain_member(activities[0], "attempt") == "2", page);
  BOOST_TEST(plain_member(activities[0], "due") == plain_member(wait, "next_attempt"), page);
  const auto shown = s.table("why").out;
  BOOST_TEST(contains(shown, ", after attempt 1 of 20 failed: not the 1."), shown);
}

BOOST_AUTO_TEST_CASE(a_failure_names_the_activity_it_came_from) {
  stage s;
  s.start("once", "1");
  s.ended("i");
  const auto page = s.ask("GET", "/v1/instances/i").body;
  BOOST_TEST(plain_member(page, "failure.from") == "activity wobble", page);
}

BOOST_AUTO_TEST_SUITE_END()
