#include <regex>
#include <string>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "gateway/json/json_in.hpp"
#include "tests/gateway/v1/five_instances.hpp"

namespace {

using namespace reprise;
using namespace reprise::gateway_test;
using gateway::json_member;
using gateway::json_text;
namespace data = boost::unit_test::data;
using strings = std::vector<std::string>;

std::string times_hidden(const std::string& json) {
  static const std::regex ticks(R"("\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z")");
  return std::regex_replace(json, ticks, "T");
}

struct row {
  std::string query, ids;
};
std::ostream& operator<<(std::ostream& out, const row& r) { return out << r.query; }

const row lists[] = {
    {"", "a-1 a-2 a-3 b-1 b-2"},
    {"?state=completed", "a-1 a-2"},
    {"?state=completed,failed", "a-1 a-2 a-3"},
    {"?state=running&state=failed", "a-3 b-1"},
    {"?state=suspended", "b-2"},
    {"?state=stalled,pending,terminated", ""},
    {"?prefix=b-", "b-1 b-2"},
    {"?orchestration=approve", "b-1 b-2"},
    {"?orchestration=nothing", ""},
    {"?created_from=2000-01-01&created_to=2200-01-01", "a-1 a-2 a-3 b-1 b-2"},
    {"?created_from=2200-01-01", ""},
    {"?created_to=2000-01-01", ""},
    {"?updated_before=2000-01-01", ""},
    {"?updated_before=2200-01-01T00:00:00%2B02:00", "a-1 a-2 a-3 b-1 b-2"},
    {"?limit=1000&cursor=", "a-1 a-2 a-3 b-1 b-2"},
    {"?prefix=a&state=failed&input=false", "a-3"},
};

struct refusal {
  std::string what, method, target;
  unsigned status;
  std::string code, says;  // code and part of the detail; Allow of a 405
};
std::ostream& operator<<(std::ostream& out, const refusal& r) { return out << r.what; }

const refusal refusals[] = {
    {"unknown parameter", "GET", "/instances?status=failed", 400, "invalid",
     "parameter status: this route takes prefix, orchestration, state"},
    {"unknown state", "GET", "/instances?state=Failed", 400, "invalid",
     "parameter state: wanted running, completed"},
    {"half a list of states", "GET", "/instances?state=failed,", 400, "invalid",
     "parameter state: wanted"},
    {"bad prefix", "GET", "/instances?prefix=@a", 400, "invalid", "parameter prefix: "},
    {"bad orchestration", "GET", "/instances?orchestration=A", 400, "invalid",
     "parameter orchestration: "},
    {"bad time", "GET", "/instances?created_from=yesterday", 400, "invalid",
     "parameter created_from: wanted a time"},
    {"bad end", "GET", "/instances?created_to=", 400, "invalid", "parameter created_to: wanted"},
    {"bad update", "GET", "/instances?updated_before=1", 400, "invalid",
     "parameter updated_before: wanted a time"},
    {"bad flag", "GET", "/instances?input=1", 400, "invalid",
     "parameter input: wanted true or false"},
    {"no limit", "GET", "/instances?limit=0", 400, "invalid",
     "parameter limit: wanted a number from 1 to 1000"},
    {"large limit", "GET", "/instances?limit=1001", 400, "invalid", "parameter limit: "},
    {"bad limit", "GET", "/instances?limit=ten", 400, "invalid", "parameter limit: "},
    {"bad cursor", "GET", "/instances?cursor=abc", 400, "invalid",
     "parameter cursor: wanted what the page before gave"},
    {"cursor that names no id", "GET", "/instances?cursor=aUBh", 400, "invalid",
     "parameter cursor: "},
    {"cursor of another list", "GET", "/actors/stock?cursor=aWE", 400, "invalid",
     "parameter cursor: "},
    {"cursor that names no actor", "GET", "/locks?cursor=bHRlYQ", 400, "invalid",
     "parameter cursor: "},
    {"cursor given twice", "GET", "/instances?cursor=&cursor=", 400, "invalid",
     "parameter cursor: it was given twice"},
    {"PUT of instances", "PUT", "/instances", 405, "method", "GET, HEAD, POST, DELETE, OPTIONS"},
    {"PUT of an instance", "PUT", "/instances/a", 405, "method", "GET, HEAD, DELETE, OPTIONS"},
    {"GET of a start", "GET", "/orchestrations/echo", 405, "method", "POST, OPTIONS"},
    {"GET of a termination", "GET", "/instances/b-1/terminate", 405, "method", "POST, OPTIONS"},
    {"POST of a history", "POST", "/instances/b-1/history", 405, "method", "GET, HEAD, OPTIONS"},
    {"steering with a parameter", "POST", "/instances/b-1/suspend?reason=x", 400, "invalid",
     "parameter reason: this route takes no parameters"},
    {"an operation with a parameter", "POST", "/actors/stock/a/look?x=1", 400, "invalid",
     "parameter x: this route takes no parameters"},
    {"bad cursor of a history", "GET", "/instances/b-1/history?cursor=aUBh", 400, "invalid",
     "parameter cursor: "},
    {"bad flag of a history", "GET", "/instances/b-1/history?values=2", 400, "invalid",
     "parameter values: wanted true or false"},
    {"history of nobody", "GET", "/instances/nobody/history", 404, "not_found", "nobody"},
    {"purge of all", "DELETE", "/instances", 400, "invalid",
     "parameter created_from: say which instances go"},
    {"purge of all by an empty filter", "DELETE", "/instances?prefix=", 400, "invalid",
     "parameter created_from: say which instances go"},
    {"purge of what runs", "DELETE", "/instances?state=running", 400, "invalid",
     "parameter state: only what has ended can be purged"},
    {"purge with a limit", "DELETE", "/instances?limit=3", 400, "invalid",
     "parameter limit: this route takes prefix, orchestration"},
    {"unknown instance", "GET", "/instances/nobody", 404, "not_found", "nobody"},
    {"impossible instance", "GET", "/instances/@a", 400, "invalid", "this id is not allowed"},
    {"one with an unknown parameter", "GET", "/instances/b-1?history=true", 400, "invalid",
     "parameter history: this route takes input"},
    {"an unknown parameter is named as it came", "GET",
     "/instances/b-1?&%69nput=true&showHistory=1", 400, "invalid",
     "parameter showHistory: this route takes input"},
    {"a wait that is no parameter", "GET", "/instances/b-1?wait=3", 400, "invalid",
     "parameter wait: this route takes input; to wait for the end, send the field Prefer: wait="},
    {"a wait where none is taken", "GET", "/instances/b-1/why?Wait=3", 400, "invalid",
     "parameter Wait: this route takes no parameters"},
    {"what of one", "GET", "/instances/b-1/when", 404, "no_route", ""},
    {"why of nobody", "GET", "/instances/nobody/why", 404, "not_found", "nobody"},
    {"why with a parameter", "GET", "/instances/b-1/why?x=1", 400, "invalid",
     "parameter x: this route takes no parameters"},
    {"too deep", "GET", "/instances/b-1/why/not", 404, "no_route", ""},
    {"bad prefix of actors", "GET", "/actors/stock?prefix=@", 400, "invalid", "parameter prefix: "},
    {"bad state of actors", "GET", "/actors/stock?state=yes", 400, "invalid", "parameter state: "},
    {"POST of pools", "POST", "/pools", 405, "method", "GET, HEAD, OPTIONS"},
    {"pools with a parameter", "GET", "/pools?x=1", 400, "invalid", "parameter x: "},
    {"one pool", "GET", "/pools/io", 404, "no_route", ""},
    {"PUT of the version", "PUT", "/version", 405, "method", "GET, HEAD, OPTIONS"},
    {"nothing", "GET", "", 404, "no_route", "/openapi.json lists what is under /v1"},
    {"dead letters with a bad cursor", "GET", "/dead-letters?cursor=abc", 400, "invalid",
     "parameter cursor: "},
    {"dead letters from no place", "GET", "/dead-letters?cursor=ZHh5eg", 400, "invalid",
     "is no place in this list"},
    {"dead letters with a limit", "GET", "/dead-letters?limit=1", 400, "invalid",
     "parameter limit: this route takes cursor"},
    {"POST of dead letters", "POST", "/dead-letters", 405, "method", "GET, HEAD, OPTIONS"},
    {"GET of a dead letter", "GET", "/dead-letters/00", 405, "method", "DELETE, OPTIONS"},
    {"GET of a retry", "GET", "/dead-letters/00/retry", 405, "method", "POST, OPTIONS"},
    {"retry of none", "POST", "/dead-letters/00/retry", 404, "not_found", "no such dead letter"},
    {"retry of no id", "POST", "/dead-letters/zz/retry", 404, "not_found", "no such dead letter"},
    {"drop of none", "DELETE", "/dead-letters/00", 404, "not_found", "no such dead letter"},
    {"drop with a parameter", "DELETE", "/dead-letters/00?x=1", 400, "invalid", "parameter x: "},
    {"what of a dead letter", "POST", "/dead-letters/00/bury", 404, "no_route", ""},
};

strings pages_of(served& s, const std::string& target, const std::string& member) {
  strings pages;
  std::string cursor;
  do {
    const auto page = s.ask("GET", target + "&cursor=" + cursor);
    BOOST_TEST_REQUIRE(page.status == 200u);
    pages.push_back(words_of(page.body, member));
    cursor = json_text(page.body, "next") == "null" ? "" : json_member(page.body, "next");
  } while (!cursor.empty());
  return pages;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(native_routes)

BOOST_DATA_TEST_CASE(a_filter_leaves_the_instances_that_match, data::make(lists), one) {
  five_instances s;
  const auto answer = s.ask("GET", "/v1/instances" + one.query);
  BOOST_TEST(answer.status == 200u);
  BOOST_TEST(answer.field("Content-Type") == "application/json");
  BOOST_TEST(words_of(answer.body, "id") == one.ids);
  BOOST_TEST(json_text(answer.body, "next") == "null");
}

BOOST_DATA_TEST_CASE(an_invalid_request_is_refused_with_the_reason, data::make(refusals), one) {
  five_instances s;
  const auto answer = s.ask(one.method, "/v1" + one.target);
  BOOST_TEST(answer.status == one.status);
  BOOST_TEST(answer.field("Content-Type") == "application/problem+json");
  BOOST_TEST(json_member(answer.body, "code") == one.code);
  const auto detail = json_member(answer.body, "detail");
  BOOST_TEST(detail.find(one.says) != std::string::npos, detail);
  BOOST_TEST(answer.field("Allow") == (one.status == 405 ? one.says : ""));
}

BOOST_AUTO_TEST_CASE(an_instance_shows_what_became_of_it) {
  five_instances s;
  BOOST_TEST(times_hidden(s.ask("GET", "/v1/instances/a-1").body) ==
             R"({"id":"a-1","orchestration":"echo","state":"completed","created":T,"updated":T,)"
             R"("input":{"n": 1},"custom_status":null,"output":{"n": 1}})");
  BOOST_TEST(
      times_hidden(s.ask("GET", "/v1/instances/a-3?input=false").body) ==
      R"({"id":"a-3","orchestration":"doomed","state":"failed","created":T,"updated":T,)"
      R"("custom_status":null,"failure":{"code":"rejected","text":"no luck","retryable":false}})");
  const auto open = s.ask("GET", "/v1/instances/b-1");
  BOOST_TEST(open.status == 200u);
  BOOST_TEST(times_hidden(open.body) ==
             R"({"id":"b-1","orchestration":"approve","state":"running","created":T,"updated":T,)"
             R"("input":null,"custom_status":"waiting"})");
  BOOST_TEST(s.ask("GET", "/v1/instances?prefix=b-1").body ==
             R"({"instances":[)" + open.body + R"(],"next":null})");
}

BOOST_AUTO_TEST_CASE(an_instance_says_why_it_waits) {
  five_instances s;
  BOOST_TEST(times_hidden(s.ask("GET", "/v1/instances/b-1/why").body) ==
             R"({"id":"b-1","state":"running","waits":[)"
             R"({"what":"event decision","since":T,"owed_by":"whoever raises the event"}]})");
  const auto paused = s.ask("GET", "/v1/instances/b-2/why").body;
  BOOST_TEST(words_of(paused, "what") == "being suspended event decision");
  BOOST_TEST(times_hidden(s.ask("GET", "/v1/instances/a-1/why").body) ==
             R"({"id":"a-1","state":"completed","waits":[]})");
}

BOOST_AUTO_TEST_CASE(pages_go_on_behind_the_cursor) {
  five_instances s;
  BOOST_TEST(pages_of(s, "/v1/instances?limit=2", "id") == (strings{"a-1 a-2", "a-3 b-1", "b-2"}),
             boost::test_tools::per_element());
  for (const std::string key : {"a", "b", "bb", "c"})
    s.post_json("/v1/actors/stock/" + key + "/put", R"({"quantity":1})");
  BOOST_TEST(pages_of(s, "/v1/actors/stock?limit=3", "key") == (strings{"a b bb", "c"}),
             boost::test_tools::per_element());
  BOOST_TEST(words_of(s.ask("GET", "/v1/actors/stock?prefix=b").body, "key") == "b bb");
}

BOOST_AUTO_TEST_CASE(listed_actors_show_their_state_unless_it_is_not_wanted) {
  served s;
  s.post_json("/v1/actors/stock/tea/put", R"({"quantity":1})");
  BOOST_TEST(
      times_hidden(s.ask("GET", "/v1/actors/stock").body) ==
      R"({"actors":[{"key":"tea","updated":T,"state":{"quantity":0,"left":1}}],"next":null})");
  BOOST_TEST(times_hidden(s.ask("GET", "/v1/actors/stock?state=false").body) ==
             R"({"actors":[{"key":"tea","updated":T}],"next":null})");
}

BOOST_AUTO_TEST_CASE(a_page_of_large_states_is_cut_and_goes_on) {
  served s;
  const auto large = '"' + std::string(900'000, 'x') + '"';
  for (const std::string id : {"1", "2", "3", "4", "5"})
    BOOST_TEST_REQUIRE(
        s.ask("POST", df("/orchestrators/echo/") + id + "?timeout=60", large).status == 200u);
  BOOST_TEST(pages_of(s, "/v1/instances?limit=9", "id") == (strings{"1 2 3", "4 5"}),
             boost::test_tools::per_element());
}

namespace {

// Returns when the section of the instance is entered.
void hold(served& s, const std::string& instance, const std::string& key) {
  s.ask("POST", df("/orchestrators/hold/" + instance), '"' + key + '"');
  until([&] {
    const auto why = s.ask("GET", "/v1/instances/" + instance + "/why");
    return words_of(why.body, "what") == "event decision";
  });
}

}  // namespace

BOOST_AUTO_TEST_CASE(an_actor_lock_shows_the_instance_that_holds_it) {
  served s;
  BOOST_TEST(s.ask("GET", "/v1/locks").body == R"({"locks":[],"next":null})");
  for (const std::string key : {"oil", "tea", "milk"}) hold(s, "of-" + key, key);
  const std::string tea = R"({"actor":{"type":"stock","key":"tea"},"instance":"of-tea","since":T})";
  BOOST_TEST(times_hidden(s.ask("GET", "/v1/actors/stock/tea/lock").body) == tea);
  BOOST_TEST(words_of(s.ask("GET", "/v1/locks").body, "instance") == "of-milk of-oil of-tea");
  BOOST_TEST(pages_of(s, "/v1/locks?limit=2", "instance") == (strings{"of-milk of-oil", "of-tea"}),
             boost::test_tools::per_element());
  s.post_json("/v1/instances/of-tea/events/decision", R"({"x":1})");
  s.ended("of-tea");
  // The instance frees the actor by a message, which may arrive after the instance has ended.
  until([&] { return s.ask("GET", "/v1/actors/stock/tea/lock").status == 404u; });
  BOOST_TEST(words_of(s.ask("GET", "/v1/locks").body, "instance") == "of-milk of-oil");
}

BOOST_AUTO_TEST_CASE(an_operator_frees_an_actor_from_its_section) {
  served s;
  hold(s, "owner", "tea");
  BOOST_TEST(s.ask("DELETE", "/v1/actors/stock/tea/lock").status == 204u);
  BOOST_TEST(s.ask("DELETE", "/v1/actors/stock/tea/lock").status == 404u);
  BOOST_TEST(s.ask("POST", "/v1/actors/stock/tea/look").status == 200u);
}

BOOST_AUTO_TEST_CASE(the_host_is_the_only_device) {
  served s;
  const auto devices = s.ask("GET", "/v1/devices");
  BOOST_TEST(devices.status == 200u);
  BOOST_TEST(
      std::regex_match(
          devices.body,
          std::regex(
              R"(\{"devices":\[\{"name":"host","kind":"host","threads":\d+,"memory":\d+\}\]\})")),
      devices.body);
}

BOOST_AUTO_TEST_CASE(limits_are_shown_as_they_are) {
  gateway::route_options options;
  options.limits.body = 77;
  options.limits.wait = std::chrono::milliseconds(1500);
  served s(options);
  const auto limits = s.ask("GET", "/v1/limits").body;
  const auto shows = [&](const std::string& part) {
    return limits.find(part) != std::string::npos;
  };
  BOOST_TEST(shows(R"({"name":"max-body","option":"--max-body","value":77,)"), limits);
  BOOST_TEST(shows(R"({"name":"wait-seconds","option":"--wait-seconds","value":1.5,)"), limits);
  BOOST_TEST(shows(R"({"name":"page-entries","value":1000,)"), limits);
}

BOOST_AUTO_TEST_CASE(json_is_no_deeper_than_the_server_was_told_to_take) {
  gateway::route_options options;
  options.limits.json_depth = 2;
  served s(options);
  const std::string start = "/v1/orchestrations/echo", depth = "--max-json-depth";
  BOOST_TEST(s.post_json(start, R"([["[[[\"[", {}]])").status == 400u);
  BOOST_TEST(s.post_json(start, R"([["[[[\"["], {}])").status == 201u);
  const auto deep = s.post_json(start, "[[[]]]");
  BOOST_TEST(deep.status == 400u);
  BOOST_TEST(json_member(deep.body, "detail").find(depth) != std::string::npos);
  const auto message = s.ask("POST", df("/orchestrators/echo"), "[[{}]]");
  BOOST_TEST(message.status == 400u);
  BOOST_TEST(json_member(message.body, "Message").find(depth) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(pools_and_version_are_shown) {
  served s;
  const auto pools = s.ask("GET", "/v1/pools");
  BOOST_TEST(pools.status == 200u);
  BOOST_TEST(pools.body.find(R"({"name":"io","threads":16,"busy":0,"waiting":0,"lost":0})") !=
             std::string::npos);
  BOOST_TEST(!!gateway::check_json(pools.body), pools.body);
  const auto version = s.ask("GET", "/v1/version");
  BOOST_TEST(version.status == 200u);
  BOOST_TEST(std::regex_match(json_member(version.body, "version"), std::regex("\\d+\\.\\d+.*")));
}

BOOST_AUTO_TEST_SUITE_END()
