#include <regex>
#include <string>

#include <boost/test/unit_test.hpp>

#include "gateway/json/json_in.hpp"
#include "tests/gateway/v1/five_instances.hpp"

namespace {

using namespace reprise;
using namespace reprise::gateway_test;
using gateway::json_member;
using gateway::json_text;

std::string times_hidden(const std::string& json) {
  static const std::regex ticks(R"("\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z")");
  return std::regex_replace(json, ticks, "T");
}

// An instance that has done something of everything, and has ended.
struct toured : served {
  toured() {
    BOOST_TEST_REQUIRE(post_json("/v1/orchestrations/tour?id=t", "\"hey\"").status == 201u);
    post_json("/v1/instances/t/events/decision", R"({"x":1,"y":2})");
    ended("t");
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(instance_history)

BOOST_AUTO_TEST_CASE(each_event_shows_what_it_was) {
  toured s;
  const auto answer = s.ask("GET", "/v1/instances/t/history");
  BOOST_TEST(answer.status == 200u);
  BOOST_TEST(json_text(answer.body, "next") == "null");
  const auto shown = times_hidden(answer.body);
  for (
      const std::string item : {
          R"({"number":0,"kind":"started","at":T,"orchestration":"tour","input":"hey"})",
          R"("kind":"activity","at":T,"activity":"shout","input":"hey"})",
          R"("output":"hey!"})",
          R"("kind":"operation","at":T,"actor":{"type":"stock","key":"tour"},"operation":"take","input":{"quantity":1}})",
          R"("failure":{"code":"rejected","text":"out of stock","retryable":false}})",
          R"("kind":"timer","at":T,"due":T})",
          R"("kind":"raised","at":T,"event":"decision","value":{"x":1,"y":2}})",
          R"("kind":"wait","at":T,"event":"decision"})",
          R"("kind":"completed","at":T,"output":"hey!-"})",
      })
    BOOST_TEST(shown.find(item) != std::string::npos, item << " is not in " << shown);
}

BOOST_AUTO_TEST_CASE(values_are_left_out_on_wish) {
  toured s;
  const auto shown = s.ask("GET", "/v1/instances/t/history?values=false").body;
  for (const std::string member : {"input", "output", "value"})
    BOOST_TEST(shown.find('"' + member + "\":") == std::string::npos, shown);
  BOOST_TEST(shown.find(R"("failure":{)") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(pages_go_on_behind_the_cursor) {
  toured s;
  const std::string target = "/v1/instances/t/history";
  const auto whole = json_text(s.ask("GET", target).body, "events");
  std::string joined, cursor;
  do {
    const auto page = s.ask("GET", target + "?limit=2&cursor=" + cursor);
    BOOST_TEST_REQUIRE(page.status == 200u);
    const auto events = json_text(page.body, "events");
    joined += (joined.empty() ? "" : ",") + events.substr(1, events.size() - 2);
    cursor = json_text(page.body, "next") == "null" ? "" : json_member(page.body, "next");
  } while (!cursor.empty());
  BOOST_TEST("[" + joined + "]" == whole);
}

BOOST_AUTO_TEST_CASE(a_cursor_of_an_earlier_run_is_gone) {
  toured s;
  const std::string target = "/v1/instances/t/history";
  const auto next = json_member(s.ask("GET", target + "?limit=2").body, "next");
  BOOST_TEST(s.post_json("/v1/instances/t/restart", R"({"id":"t"})").status == 201u);
  const auto gone = s.ask("GET", target + "?cursor=" + next);
  BOOST_TEST(gone.status == 410u);
  BOOST_TEST(json_member(gone.body, "code") == "gone");
}

BOOST_AUTO_TEST_CASE(a_custom_status_and_steering_are_events_too) {
  five_instances s;
  const auto shown = times_hidden(s.ask("GET", "/v1/instances/b-2/history").body);
  BOOST_TEST(
      shown.find(R"("kind":"status","at":T,"custom_status":"waiting"})") != std::string::npos,
      shown);
  BOOST_TEST(shown.find(R"("kind":"suspended","at":T,"reason":""})") != std::string::npos, shown);
}

BOOST_AUTO_TEST_SUITE_END()
