#include <regex>
#include <string>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "gateway/json/json_in.hpp"
#include "tests/gateway/served.hpp"

namespace {

using namespace reprise;
using namespace reprise::gateway_test;
using gateway::json_member;
using gateway::json_text;
namespace data = boost::unit_test::data;

const std::string json_type = "Content-Type: application/json\r\n";

std::string times_hidden(const std::string& json) {
  static const std::regex seconds(R"("\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")");
  static const std::regex ticks(R"("\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z")");
  return std::regex_replace(std::regex_replace(json, seconds, "T"), ticks, "F");
}

struct row {
  std::string what, method, target, body, fields;
  unsigned status;
  std::string answer;
};
std::ostream& operator<<(std::ostream& out, const row& r) { return out << r.what; }

// `open` waits for its event, `over` has completed.
const row rows[] = {
    {"unknown orchestration", "POST", "/orchestrators/nothing", "", "", 400,
     R"({"Message":"The function 'nothing' doesn't exist, is disabled, or is not an orchestrator function."})"},
    {"malformed input", "POST", "/orchestrators/echo", "{oh", "", 400,
     R"({"Message":"Invalid JSON content","ExceptionMessage":"this is not one JSON value"})"},
    {"no input where text is wanted", "POST", "/orchestrators/doomed", "", "", 400,
     R"({"Message":"no body came: wanted text"})"},
    {"input that does not fit", "POST", "/orchestrators/mirror", R"({"count":"x"})", "", 400,
     R"({"Message":"at /count: wanted an integer from 0 to 4294967295, came the string \"x\""})"},
    {"bad id", "POST", "/orchestrators/echo/@a", "", "", 400,
     R"({"Message":"The instance id is not allowed: 1 to 256 bytes, not . or .., none of / \\ # ?, no leading @, no control characters and none that change the direction of text."})"},
    {"encoded slash in an id", "POST", "/orchestrators/echo/a%2Fb", "", "", 400,
     R"({"Message":"The instance id is not allowed: 1 to 256 bytes, not . or .., none of / \\ # ?, no leading @, no control characters and none that change the direction of text."})"},
    {"polling longer than waiting", "POST", "/orchestrators/echo?timeout=5&pollingInterval=6", "",
     "", 400, R"({"Message":"Total timeout 5 should be bigger than retry timeout 6"})"},
    {"a start in capitals", "POST", "/ORCHESTRATORS/echo/over", "1", "", 202, "id"},
    {"input of any media type", "POST", "/orchestrators/echo/over", "1",
     "Content-Type: text/plain\r\n", 202, "id"},
    {"a version that is bound", "POST", "/orchestrators/echo/over?version=1", "1", "", 202, "id"},
    {"DELETE of a start", "DELETE", "/orchestrators/echo", "", "", 404, ""},
    {"PUT of an instance", "PUT", "/instances/open", "", "", 404, ""},
    {"POST of an instance", "POST", "/instances/open", "", "", 404, ""},
    {"GET of a start", "GET", "/orchestrators/echo", "", "", 404, ""},
    {"start of nothing", "POST", "/orchestrators", "", "", 404, ""},
    {"unknown instance", "GET", "/instances/nobody", "", "", 404, ""},
    {"impossible instance", "GET", "/instances/@nobody", "", "", 404, ""},
    {"encoded slash in an instance", "GET", "/instances/a%2Fb", "", "", 404, ""},
    {"event without a name", "POST", "/instances/open/raiseEvent", "{}", json_type, 404, ""},
    {"GET of an event", "GET", "/instances/open/raiseEvent/decision", "", "", 404, ""},
    {"event with a charset", "POST", "/instances/open/raiseEvent/decision", "{}",
     "Content-Type: application/json; charset=utf-8\r\n", 202, ""},
    {"event for nobody", "POST", "/instances/nobody/raiseEvent/decision", "{}", json_type, 404, ""},
    {"event for one that has ended", "POST", "/instances/over/raiseEvent/decision", "{}", json_type,
     410, ""},
    {"bad event for nobody", "POST", "/instances/nobody/raiseEvent/decision", "{oh", json_type, 404,
     ""},
    {"bad event for one that has ended", "POST", "/instances/over/raiseEvent/decision", "{oh",
     json_type, 410, ""},
    {"event without media type", "POST", "/instances/open/raiseEvent/decision", "{}", "", 400,
     R"({"Message":"Only application/json request content is supported"})"},
    {"event as a form", "POST", "/instances/open/raiseEvent/decision", "{}",
     "Content-Type: application/x-www-form-urlencoded\r\n", 400,
     R"({"Message":"Only application/json request content is supported"})"},
    {"malformed event", "POST", "/instances/open/raiseEvent/decision", "{oh", json_type, 400,
     R"({"Message":"Invalid JSON content","ExceptionMessage":"this is not one JSON value"})"},
    {"event without body", "POST", "/instances/open/raiseEvent/decision", "", json_type, 400,
     R"({"Message":"Invalid JSON content","ExceptionMessage":"the body is empty"})"},
    {"event that does not fit", "POST", "/instances/open/raiseEvent/decision", R"({"z":1})",
     json_type, 400, R"({"Message":"at /z: there is no such field in Point"})"},
    {"event nobody can wait for", "POST", "/instances/open/raiseEvent/rain", "{}", json_type, 400,
     R"({"Message":"No event 'rain' is bound: no orchestration can wait for it."})"},
    {"event", "POST", "/instances/open/raiseEvent/Decision", "{}", json_type, 202, ""},
    {"literals in capitals", "POST", "/INSTANCES/open/RAISEEVENT/decision", "{}", json_type, 202,
     ""},
    {"terminate", "POST", "/instances/open/terminate?reason=enough", "", "", 202, ""},
    {"a slash at the end", "POST", "/instances/open/terminate/", "", "", 202, ""},
    {"the id of an invocation", "POST", "/instances/open/terminate", "",
     "X-Azure-Functions-InvocationId: none\r\n", 202, ""},
    {"terminate nobody", "POST", "/instances/nobody/terminate", "", "", 404, ""},
    {"terminate one that has ended", "POST", "/instances/over/terminate", "", "", 410, ""},
    {"GET of terminate", "GET", "/instances/open/terminate", "", "", 404, ""},
    {"unknown operation", "POST", "/instances/open/dance", "", "", 404, ""},
    {"start of an id that runs", "POST", "/orchestrators/approve/open", "", "", 409, "*"},
    {"purge", "DELETE", "/instances/over", "", "", 200, R"({"instancesDeleted":1})"},
    {"purge of one that runs", "DELETE", "/instances/open", "", "", 412,
     R"("Only orchestrations in a terminal state can be purged: terminate it first.")"},
    {"purge of nobody", "DELETE", "/instances/nobody", "", "", 404, ""},
    {"suspend", "POST", "/instances/open/suspend?reason=wait", "", "", 202, ""},
    {"suspend nobody", "POST", "/instances/nobody/suspend", "", "", 404, ""},
    {"suspend one that has ended", "POST", "/instances/over/suspend", "", "", 410, ""},
    {"resume one that is not suspended", "POST", "/instances/open/resume", "", "", 202, ""},
    {"resume nobody", "POST", "/instances/nobody/resume", "", "", 404, ""},
    {"resume one that has ended", "POST", "/instances/over/resume", "", "", 410, ""},
    {"rewind one that has completed", "POST", "/instances/over/rewind", "", "", 412,
     R"("instance \"over\" has not failed: only what failed can be rewound")"},
    {"rewind one that runs", "POST", "/instances/open/rewind", "", "", 412,
     R"("instance \"open\" has not failed: only what failed can be rewound")"},
    {"rewind nobody", "POST", "/instances/nobody/rewind", "", "", 404,
     R"("No orchestration with instance ID \"nobody\" found.")"},
    {"restart", "POST", "/instances/over/restart?restartWithNewInstanceId=false", "", "", 202,
     "id"},
    {"restart one that runs", "POST", "/instances/open/restart?restartWithNewInstanceId=false", "",
     "", 409, R"("A non-terminal instance with this instance ID already exists.")"},
    {"a restart that waits", "POST", "/instances/over/restart?timeout=60&pollingInterval=1", "", "",
     200, R"({"a": 1.0})"},
    {"a restart, polling longer than waiting", "POST",
     "/instances/over/restart?timeout=5&pollingInterval=6", "", "", 400,
     R"({"Message":"Total timeout 5 should be bigger than retry timeout 6"})"},
    {"restart nobody", "POST", "/instances/nobody/restart", "", "", 400,
     R"("InstanceId does not match a valid orchestration instance.")"},
    {"a version that is not bound", "POST", "/orchestrators/echo?version=7", "", "", 400,
     R"({"Message":"The function 'echo.7' doesn't exist, is disabled, or is not an orchestrator function."})"},
    {"a condition nobody looks at", "POST", "/instances/open/terminate", "", "If-Match: \"a\"\r\n",
     412, "*"},
    {"a condition of a signal", "POST", "/entities/stock/tea?op=note", "", "If-None-Match: *\r\n",
     412, "*"},
    {"a condition of a purge", "DELETE", "/instances/over", "", "If-Match: *\r\n", 412, "*"},
    {"a read of what is known", "GET", "/entities", "", "If-None-Match: \"a\"\r\n", 200, "[]"},
    {"nothing", "GET", "", "", "", 404, ""},
};

// A node with one instance that waits for its event and one that has completed.
struct two_instances : served {
  two_instances() {
    BOOST_TEST_REQUIRE(ask("POST", df("/orchestrators/approve/open")).status == 202u);
    BOOST_TEST_REQUIRE(ask("POST", df("/orchestrators/echo/over"), R"({"a": 1.0})").status == 202u);
    BOOST_TEST_REQUIRE((ended("over") == instance_state::completed));
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(durable_functions)

BOOST_DATA_TEST_CASE(each_request_has_its_answer, data::make(rows), one) {
  two_instances s;
  const auto answer = s.ask(one.method, df(one.target), one.body, one.fields);
  BOOST_TEST(answer.status == one.status);
  if (one.answer == "id") {
    BOOST_TEST(json_member(answer.body, "id") == "over");
  } else if (one.answer == "*") {
    BOOST_TEST(!json_member(answer.body, "Message").empty());
  } else {
    BOOST_TEST(answer.body == one.answer);
  }
  if (!answer.body.empty())
    BOOST_TEST(answer.field("Content-Type") == "application/json; charset=utf-8");
}

BOOST_AUTO_TEST_CASE(a_start_answers_with_the_urls_of_its_instance) {
  served s;
  const auto answer = s.ask("POST", df("/orchestrators/echo/a%20b"), "1");
  const auto one = s.url() + df("/instances/a%20b");
  const std::string where = "taskHub=Reprise&connection=Storage";
  BOOST_TEST(answer.status == 202u);
  BOOST_TEST(answer.field("Location") == one + "?" + where);
  BOOST_TEST(answer.field("Retry-After") == "10");
  BOOST_TEST(answer.field("Content-Type") == "application/json; charset=utf-8");
  BOOST_TEST(json_member(answer.body, "id") == "a b");
  const std::pair<std::string, std::string> urls[] = {
      {"statusQueryGetUri", "?"},
      {"sendEventPostUri", "/raiseEvent/{eventName}?"},
      {"terminatePostUri", "/terminate?reason={text}&"},
      {"rewindPostUri", "/rewind?reason={text}&"},
      {"purgeHistoryDeleteUri", "?"},
      {"restartPostUri", "/restart?"},
      {"suspendPostUri", "/suspend?reason={text}&"},
      {"resumePostUri", "/resume?reason={text}&"}};
  for (const auto& [name, rest] : urls)
    BOOST_TEST(json_member(answer.body, name) == one + rest + where, name);
}

BOOST_AUTO_TEST_CASE(urls_echo_the_hub_and_the_flag_that_the_start_had) {
  served s;
  const std::string echoed = "taskHub=H&connection=C&code=K%26";
  const auto target = df("/orchestrators/echo/a?code=K%26&TASKHUB=H&connection=C&") +
                      "returnInternalServerErrorOnFailure=true";
  const auto answer = s.ask("POST", target);
  BOOST_TEST(json_member(answer.body, "statusQueryGetUri") ==
             s.url() + df("/instances/a?") + echoed + "&returnInternalServerErrorOnFailure=true");
  BOOST_TEST(json_member(answer.body, "terminatePostUri") ==
             s.url() + df("/instances/a/terminate?reason={text}&") + echoed);
  const auto empty = s.ask("POST", df("/orchestrators/echo/b?taskHub=&connection="));
  BOOST_TEST(json_member(empty.body, "statusQueryGetUri") ==
             s.url() + df("/instances/b?taskHub=Reprise&connection=Storage"));
}

// What clients make of the URLs: they put another id, or none, in place of the given one, and append.
BOOST_AUTO_TEST_CASE(a_client_may_append_to_each_url) {
  served s;
  const auto started = s.ask("POST", df("/orchestrators/echo/over?timeout=60"), "1");
  BOOST_TEST(started.status == 200u);
  const auto urls = s.ask("POST", df("/orchestrators/approve/PLACE")).body;
  const auto made_of = [&](const std::string& name, const std::string& id) {
    auto url = json_member(urls, name).substr(s.url().size());
    return url.replace(url.find("PLACE"), 5, id);
  };
  const auto status = made_of("statusQueryGetUri", "over") + "&showHistory=true&showInput=false";
  const auto shown = s.ask("GET", status);
  BOOST_TEST(shown.status == 200u);
  BOOST_TEST(json_text(shown.body, "input") == "null");
  BOOST_TEST(json_text(shown.body, "historyEvents") != "");
  const auto all = made_of("statusQueryGetUri", "");
  BOOST_TEST(s.ask("GET", all).status == 200u);
  BOOST_TEST(s.ask("DELETE", all + "&createdTimeFrom=2020-01-01T00:00:00.000Z").body ==
             R"({"instancesDeleted":1})");
  BOOST_TEST(s.ask("POST", made_of("rewindPostUri", "PLACE")).status == 412u);
}

// Nothing, as the SDKs send it: to a start, as an event, with a signal.
BOOST_DATA_TEST_CASE(a_value_of_no_type_may_be_sent_in_four_ways,
                     data::make({"", "null", "{}", R"("")"}), body) {
  two_instances s;
  BOOST_TEST(s.post_json(df("/orchestrators/approve/new"), body).status == 202u);
  BOOST_TEST(s.ask("POST", df("/orchestrators/approve/plain"), body).status == 202u);
  BOOST_TEST(s.post_json(df("/instances/open/raiseEvent/go"), body).status == 202u);
  BOOST_TEST(s.post_json(df("/entities/stock/tea?op=look"), body).status == 202u);
  for (const auto* wrong : {R"("x")", "0", "[]", R"({"a":1})", R"(" ")"})
    BOOST_TEST(s.post_json(df("/orchestrators/approve/other"), wrong).status == 400u, wrong);
}

BOOST_AUTO_TEST_CASE(an_empty_string_is_no_input_where_no_string_can_be_meant) {
  served s;
  const auto output = [&](const std::string& name, const std::string& body) {
    return s.post_json(df("/orchestrators/" + name + "?timeout=60"), body).body;
  };
  BOOST_TEST(output("mirror", R"("")") == output("mirror", ""));  // a struct of its defaults
  BOOST_TEST(output("echo", R"("")") == R"("")");                 // any JSON: it is itself
  BOOST_TEST(json_text(output("doomed", R"("")"), "input") == R"("")");
  BOOST_TEST(s.ask("POST", df("/entities/stock/tea?op=put"), R"("")", json_type).status == 202u);
  BOOST_TEST(s.ask("POST", df("/entities/cup/a?op=pour"), R"("")", json_type).status == 400u);
}

BOOST_AUTO_TEST_CASE(an_event_of_no_type_needs_no_media_type) {
  two_instances s;
  BOOST_TEST(s.ask("POST", df("/instances/open/raiseEvent/go")).status == 202u);
  BOOST_TEST(s.ask("POST", df("/instances/open/raiseEvent/go"), "{}").status == 400u);
  BOOST_TEST(s.ask("POST", df("/instances/nobody/raiseEvent/go")).status == 404u);
  BOOST_TEST(s.ask("POST", df("/instances/over/raiseEvent/go")).status == 410u);
}

BOOST_AUTO_TEST_CASE(a_start_without_id_makes_one_up) {
  served s;
  const auto first = json_member(s.ask("POST", df("/orchestrators/echo")).body, "id");
  const auto second = json_member(s.ask("POST", df("/orchestrators/echo/")).body, "id");
  BOOST_TEST(std::regex_match(first, std::regex("[0-9a-f]{32}")));
  BOOST_TEST(first != second);
}

BOOST_AUTO_TEST_CASE(a_start_with_an_idempotency_key_starts_once) {
  served s;
  const std::string key = "Idempotency-Key: order-9\r\n";
  const auto first = s.ask("POST", df("/orchestrators/approve"), "", key);
  const auto again = s.ask("POST", df("/orchestrators/approve"), "", key);
  BOOST_TEST(first.status == 202u);
  BOOST_TEST(again.status == 202u);
  const auto id = json_member(first.body, "id");
  BOOST_TEST(json_member(again.body, "id") == id);
  BOOST_TEST(s.ask("POST", df("/orchestrators/approve"), "null", key).status == 422u);
  // Another orchestration, or another key, is another start.
  for (const auto& [name, other] :
       {std::pair("echo", key), std::pair("approve", std::string("Idempotency-Key: b\r\n"))}) {
    const auto another = s.ask("POST", df("/orchestrators/") + name, "", other);
    BOOST_TEST(another.status == 202u);
    BOOST_TEST(json_member(another.body, "id") != id);
  }
  // Also after the instance has ended: the effect was had.
  BOOST_TEST(s.post_json(df("/instances/" + id + "/raiseEvent/decision"), "{}").status == 202u);
  s.ended(id);
  BOOST_TEST(s.ask("POST", df("/orchestrators/approve"), "", key).status == 202u);
  BOOST_TEST(s.ask("GET", df("/instances/" + id)).status == 200u);
}

BOOST_AUTO_TEST_CASE(a_running_instance_shows_as_accepted) {
  served s;
  s.ask("POST", df("/orchestrators/approve/open"));
  s.begun("open");
  const auto target = df("/instances/open?showInput=true");
  const auto answer = s.ask("GET", target);
  BOOST_TEST(answer.status == 202u);
  BOOST_TEST(answer.field("Location") == s.url() + target);
  BOOST_TEST(answer.field("Retry-After") == "5");
  BOOST_TEST(
      times_hidden(answer.body) ==
      R"({"name":"approve","instanceId":"open","runtimeStatus":"Running","input":null,"customStatus":"waiting",)"
      R"("output":null,"createdTime":T,"lastUpdatedTime":T})");
}

BOOST_AUTO_TEST_CASE(a_completed_instance_shows_its_output_byte_for_byte) {
  two_instances s;
  const auto answer = s.ask("GET", df("/instances/over"));
  BOOST_TEST(answer.status == 200u);
  BOOST_TEST(answer.field("Location") == "");
  BOOST_TEST(answer.field("Retry-After") == "");
  BOOST_TEST(
      times_hidden(answer.body) ==
      R"({"name":"echo","instanceId":"over","runtimeStatus":"Completed","input":{"a": 1.0},"customStatus":null,)"
      R"("output":{"a": 1.0},"createdTime":T,"lastUpdatedTime":T})");
  BOOST_TEST(json_text(s.ask("GET", df("/instances/over?showInput=false")).body, "input") ==
             "null");
}

BOOST_AUTO_TEST_CASE(a_failed_instance_shows_its_failure_as_text) {
  served s;
  s.ask("POST", df("/orchestrators/doomed/sad"), "\"no luck\"");
  BOOST_TEST((s.ended("sad") == instance_state::failed));
  const auto answer = s.ask("GET", df("/instances/sad"));
  BOOST_TEST(answer.status == 200u);
  BOOST_TEST(json_member(answer.body, "runtimeStatus") == "Failed");
  BOOST_TEST(json_text(answer.body, "output") == "\"no luck\"");
  const auto flagged = s.ask("GET", df("/instances/sad?returnInternalServerErrorOnFailure=TRUE"));
  BOOST_TEST(flagged.status == 500u);
  BOOST_TEST(flagged.body == answer.body);
}

BOOST_AUTO_TEST_CASE(a_terminated_instance_shows_the_reason) {
  two_instances s;
  BOOST_TEST(s.ask("POST", df("/instances/open/terminate?reason=it+was%20late")).status == 202u);
  BOOST_TEST((s.ended("open") == instance_state::terminated));
  const auto answer = s.ask("GET", df("/instances/open"));
  BOOST_TEST(answer.status == 200u);
  BOOST_TEST(json_member(answer.body, "runtimeStatus") == "Terminated");
  BOOST_TEST(json_text(answer.body, "output") == "\"it was late\"");
}

BOOST_AUTO_TEST_CASE(a_scheduled_or_suspended_instance_shows_as_accepted) {
  two_instances s;
  BOOST_TEST(s.ask("POST", df("/instances/open/suspend")).status == 202u);
  BOOST_TEST(s.ask("POST", df("/instances/open/suspend")).status == 202u);  // it is already
  BOOST_TEST(s.post_json("/v1/instances",
                         R"({"orchestration":"approve","id":"later","at":"2200-01-01T00:00:00Z"})")
                 .status == 201u);
  for (const auto& [id, state] : {std::pair("open", "Suspended"), std::pair("later", "Pending")}) {
    const auto target = df("/instances/") + id + "?showHistory=true";
    const auto answer = s.ask("GET", target);
    BOOST_TEST(answer.status == 202u);
    BOOST_TEST(answer.field("Location") == s.url() + target);
    BOOST_TEST(answer.field("Retry-After") == "5");
    BOOST_TEST(json_member(answer.body, "runtimeStatus") == state);
    BOOST_TEST(json_text(answer.body, "historyEvents").empty() == (id == std::string("later")));
  }
}

BOOST_AUTO_TEST_CASE(a_flag_that_is_none_is_as_if_it_were_not_there) {
  two_instances s;
  const auto plain = s.ask("GET", df("/instances/over"));
  const auto odd = s.ask("GET", df("/instances/over?showInput=0&showHistory=yes"));
  BOOST_TEST(odd.status == 200u);
  BOOST_TEST(odd.body == plain.body);
}

// What every client does: it follows Location until there is something else than 202.
BOOST_AUTO_TEST_CASE(a_client_that_polls_where_it_is_sent_sees_the_end) {
  served s;
  const auto polled = [&](const raw_answer& last) {
    return s.ask("GET", last.field("Location").substr(s.url().size()));
  };
  const auto started = s.ask("POST", df("/orchestrators/approve/a%20b"));
  const auto running = polled(started);
  BOOST_TEST(running.status == 202u);
  BOOST_TEST(s.post_json(df("/instances/a%20b/raiseEvent/decision"), "{}").status == 202u);
  s.ended("a b");
  BOOST_TEST(polled(running).status == 200u);
}

BOOST_AUTO_TEST_CASE(a_restart_has_a_new_id_unless_it_shall_not) {
  two_instances s;
  for (const auto* id : {"over", "open"}) {  // one that runs may have a twin
    const auto answer =
        s.ask("POST", df("/instances/") + id + "/restart?restartWithNewInstanceId=TRUE");
    BOOST_TEST(answer.status == 202u);
    const auto twin = json_member(answer.body, "id");
    BOOST_TEST(std::regex_match(twin, std::regex("[0-9a-f]{32}")), twin);
    BOOST_TEST(answer.field("Location") == json_member(answer.body, "statusQueryGetUri"));
    BOOST_TEST(answer.field("Retry-After") == "10");
    const auto there = s.ask("GET", df("/instances/") + twin).body;
    BOOST_TEST(json_member(there, "name") ==
               json_member(s.ask("GET", df("/instances/") + id).body, "name"));
  }
}

BOOST_AUTO_TEST_CASE(a_failed_instance_can_be_rewound) {
  served s;
  s.ask("POST", df("/orchestrators/doomed/sad"), "\"a broken shelf\"");
  BOOST_TEST((s.ended("sad") == instance_state::failed));
  const auto answer = s.ask("POST", df("/instances/sad/rewind?reason=again"));
  BOOST_TEST(answer.status == 202u);
  BOOST_TEST(answer.body == "");
}

BOOST_AUTO_TEST_CASE(an_id_may_be_started_again_when_it_has_ended) {
  two_instances s;
  BOOST_TEST(s.ask("POST", df("/orchestrators/echo/over"), "2").status == 202u);
  s.ended("over");
  BOOST_TEST(json_text(s.ask("GET", df("/instances/over")).body, "output") == "2");
}

BOOST_AUTO_TEST_CASE(a_start_may_wait_for_the_output) {
  served s;
  const auto done_answer = s.ask("POST", df("/orchestrators/echo?timeout=60"), R"({"a": [1.0]})");
  BOOST_TEST(done_answer.status == 200u);
  BOOST_TEST(done_answer.body == R"({"a": [1.0]})");
  const auto failed_answer =
      s.ask("POST", df("/orchestrators/doomed?timeout=60&pollingInterval=1"), "\"oh\"");
  BOOST_TEST(failed_answer.status == 200u);
  BOOST_TEST(json_member(failed_answer.body, "runtimeStatus") == "Failed");
  const auto flagged =
      s.ask("POST", df("/orchestrators/doomed?timeout=60&returnInternalServerErrorOnFailure=true"),
            "\"oh\"");
  BOOST_TEST(flagged.status == 500u);
  const auto waiting = s.ask("POST", df("/orchestrators/approve/open?timeout=0.01"));
  BOOST_TEST(waiting.status == 202u);
  BOOST_TEST(json_member(waiting.body, "id") == "open");
}

BOOST_AUTO_TEST_CASE(a_start_that_waits_sees_the_status_of_a_terminated_instance) {
  served s;
  raw_client waits(s.port());
  waits.send("POST " + df("/orchestrators/approve/w?timeout=60") +
             " HTTP/1.1\r\nHost: localhost\r\n\r\n");
  // The start may be on its way.
  until([&] { return s.ask("POST", df("/instances/w/terminate?reason=enough")).status == 202u; });
  const auto answer = waits.answer();
  BOOST_TEST(answer.status == 200u);
  BOOST_TEST(json_member(answer.body, "runtimeStatus") == "Terminated");
  BOOST_TEST(json_text(answer.body, "output") == "\"enough\"");
}

BOOST_AUTO_TEST_CASE(events_reach_the_instance_that_waits) {
  served s;
  s.ask("POST", df("/orchestrators/approve/open"));
  BOOST_TEST(s.post_json(df("/instances/open/raiseEvent/DECISION"), R"({"x":7})").status == 202u);
  BOOST_TEST((s.ended("open") == instance_state::completed));
  BOOST_TEST(json_member(s.ask("GET", df("/instances/open")).body, "output") == "7");
}

BOOST_AUTO_TEST_CASE(history_is_folded_as_the_product_folds_it) {
  served s;
  s.ask("POST", df("/orchestrators/tour/t"), "\"hey\"");
  s.post_json(df("/instances/t/raiseEvent/decision"), R"({"x":1,"y":2})");
  s.ended("t");
  BOOST_TEST(json_text(s.ask("GET", df("/instances/t")).body, "historyEvents") == "");
  const auto plain = s.ask("GET", df("/instances/t?showHistory=true&showInput=false"));
  const auto items = times_hidden(json_text(plain.body, "historyEvents"));
  BOOST_TEST(items.find("Result") == std::string::npos);
  BOOST_TEST(items.find("Input") == std::string::npos);
  const auto full = s.ask("GET", df("/instances/t?showHistory=true&showHistoryOutput=true"));
  const auto shown = times_hidden(json_text(full.body, "historyEvents"));
  for (
      const std::string item : {
          R"({"EventType":"ExecutionStarted","Timestamp":F,"FunctionName":"tour","Input":"\"hey\""})",
          R"({"EventType":"TaskCompleted","Timestamp":F,"Result":"hey!","ScheduledTime":F,"FunctionName":"shout","Input":"\"hey\""})",
          R"({"EventType":"TaskFailed","Timestamp":F,"Reason":"out of stock","FailureDetails":{"ErrorType":"rejected",)"
          R"("ErrorMessage":"out of stock","IsNonRetriable":true},"ScheduledTime":F,"FunctionName":"stock/tour/take",)"
          R"("Input":"{\"quantity\":1}"})",
          R"({"EventType":"TimerCreated","Timestamp":F,"FireAt":F})",
          R"({"EventType":"TimerFired","Timestamp":F,"FireAt":F})",
          R"({"EventType":"EventRaised","Timestamp":F,"Name":"decision","Input":"{\"x\":1,\"y\":2}"})",
          R"({"EventType":"ExecutionCompleted","Timestamp":F,"OrchestrationStatus":"Completed","Result":"hey!-"})",
      })
    BOOST_TEST(shown.find(item) != std::string::npos, item << " is not in " << shown);
  BOOST_TEST(shown.find("TaskScheduled") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_struct_goes_in_and_comes_out_by_its_schema) {
  served s;
  const auto answer =
      s.ask("POST", df("/orchestrators/mirror?timeout=60"),
            R"({"big":"9007199254740993","colour":"blue","points":[{"x":1}],"circle":4})");
  BOOST_TEST(answer.status == 200u);
  BOOST_TEST(json_text(answer.body, "big") == "\"9007199254740993\"");
  BOOST_TEST(json_text(answer.body, "points") == R"([{"x":1,"y":0}])");
  BOOST_TEST(json_text(answer.body, "circle") == "4");
}

BOOST_AUTO_TEST_SUITE_END()
