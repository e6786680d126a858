#include <memory>
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
using namespace std::chrono_literals;
namespace data = boost::unit_test::data;

const std::string json_type = "Content-Type: application/json\r\n";

struct row {
  std::string what, method, target, body, fields;
  unsigned status;
  std::string code;  // of the problem
};
std::ostream& operator<<(std::ostream& out, const row& r) { return out << r.what; }

// The child fails by itself; its parent because of it.
constexpr orchestration<none, std::string> elder{"elder"}, younger{"younger"};
task<std::string> run_younger() {
  co_await sleep(0s);
  throw failed(reject("no luck"));
}
task<std::string> run_elder() {
  auto said = co_await younger.as("y");
  co_return *said;
}

// a-1, a-2 have completed, a-3 has failed, b-1 waits for its event, b-2 is suspended.
const row rows[] = {
    {"an event", "POST", "/b-1/events/decision", R"({"x":1})", json_type, 204, ""},
    {"an event in capitals", "POST", "/b-1/events/Decision", "{}", json_type, 204, ""},
    {"an event without body", "POST", "/b-1/events/decision", "", "", 204, ""},
    {"an unknown event", "POST", "/b-1/events/rain", "{}", json_type, 404, "unbound"},
    {"an event that does not fit", "POST", "/b-1/events/decision", R"({"z":1})", json_type, 400,
     "invalid"},
    {"an event without media type", "POST", "/b-1/events/decision", "{}", "", 415, "media_type"},
    {"an event for nobody", "POST", "/nobody/events/decision", "{}", json_type, 404, "not_found"},
    {"an event for one that has ended", "POST", "/a-1/events/decision", "{}", json_type, 410,
     "gone"},
    {"an event for no id", "POST", "/@a/events/decision", "{}", json_type, 400, "invalid"},
    {"an event with a bad key", "POST", "/b-1/events/decision", "{}",
     json_type + "Idempotency-Key:\r\n", 400, "invalid"},
    {"no event", "POST", "/b-1/events", "{}", json_type, 405, "method"},
    {"terminate", "POST", "/b-1/terminate", R"({"reason":"late","recursive":true})", json_type, 204,
     ""},
    {"terminate without body", "POST", "/b-1/terminate", "", "", 204, ""},
    {"terminate nobody", "POST", "/nobody/terminate", "", "", 404, "not_found"},
    {"terminate one that has ended", "POST", "/a-1/terminate", "", "", 410, "gone"},
    {"terminate with another member", "POST", "/b-1/terminate", R"({"why":"late"})", json_type, 400,
     "invalid"},
    {"terminate perhaps recursively", "POST", "/b-1/terminate", R"({"recursive":"yes"})", json_type,
     400, "invalid"},
    {"terminate without media type", "POST", "/b-1/terminate", R"({"reason":"x"})", "", 415,
     "media_type"},
    {"terminate with a bad key", "POST", "/b-1/terminate", "", "Idempotency-Key:\r\n", 400,
     "invalid"},
    {"suspend", "POST", "/b-1/suspend", R"({"reason":"lunch"})", json_type, 204, ""},
    {"suspend a suspended one", "POST", "/b-2/suspend", "", "", 204, ""},
    {"suspend recursively", "POST", "/b-1/suspend", R"({"recursive":true})", json_type, 400,
     "invalid"},
    {"suspend one that has ended", "POST", "/a-1/suspend", "", "", 410, "gone"},
    {"suspend nobody", "POST", "/nobody/suspend", "", "", 404, "not_found"},
    {"resume", "POST", "/b-2/resume", R"({"reason":"back"})", json_type, 204, ""},
    {"resume one that runs", "POST", "/b-1/resume", "", "", 204, ""},
    {"resume nobody", "POST", "/nobody/resume", "", "", 404, "not_found"},
    {"resume one that has ended", "POST", "/a-1/resume", "", "", 410, "gone"},
    {"rewind one that runs", "POST", "/b-1/rewind", "", "", 409, "not_failed"},
    {"rewind one that has completed", "POST", "/a-1/rewind", "", "", 409, "not_failed"},
    {"rewind nobody", "POST", "/nobody/rewind", "", "", 404, "not_found"},
    {"rewind one that failed by itself", "POST", "/a-3/rewind", "", "", 409, "nothing_undone"},
    {"rewind with a number", "POST", "/a-3/rewind", R"({"reason":1})", json_type, 400, "invalid"},
    {"restart under its own id", "POST", "/a-1/restart", R"({"id":"a-1"})", json_type, 201, ""},
    {"restart under a new id", "POST", "/a-1/restart", "", "", 201, ""},
    {"restart one that runs under its own", "POST", "/b-1/restart", R"({"id":"b-1"})", json_type,
     409, "exists"},
    {"restart under one that runs", "POST", "/a-1/restart", R"({"id":"b-1"})", json_type, 409,
     "exists"},
    {"restart under no id", "POST", "/a-1/restart", R"({"id":"@"})", json_type, 400, "invalid"},
    {"restart with a reason", "POST", "/a-1/restart", R"({"reason":"again"})", json_type, 400,
     "invalid"},
    {"restart nobody", "POST", "/nobody/restart", "", "", 404, "not_found"},
    {"restart without media type", "POST", "/a-1/restart", "{}", "", 415, "media_type"},
    {"purge", "DELETE", "/a-1", "", "", 204, ""},
    {"purge recursively", "DELETE", "/a-1?recursive=true", "", "", 204, ""},
    {"purge perhaps recursively", "DELETE", "/a-1?recursive=1", "", "", 400, "invalid"},
    {"purge one that runs", "DELETE", "/b-1", "", "", 409, "exists"},
    {"purge nobody", "DELETE", "/nobody", "", "", 404, "not_found"},
    {"purge no id", "DELETE", "/@a", "", "", 400, "invalid"},
    {"purge with a bad key", "DELETE", "/a-1", "", "Idempotency-Key:\r\n", 400, "invalid"},
    {"dance", "POST", "/b-1/dance", "", "", 404, "no_route"},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(instance_steering)

BOOST_DATA_TEST_CASE(each_request_has_its_answer, data::make(rows), one) {
  five_instances s;
  const auto answer = s.ask(one.method, "/v1/instances" + one.target, one.body, one.fields);
  BOOST_TEST(answer.status == one.status);
  if (one.status == 204) BOOST_TEST(answer.body == "");
  if (one.status < 300) return;
  BOOST_TEST(answer.field("Content-Type") == "application/problem+json");
  BOOST_TEST(json_member(answer.body, "code") == one.code);
}

BOOST_AUTO_TEST_CASE(an_event_reaches_the_instance_that_waits) {
  five_instances s;
  BOOST_TEST(s.post_json("/v1/instances/b-1/events/decision", R"({"x":7})").status == 204u);
  const auto ended = s.ask("GET", "/v1/instances/b-1", "", "Prefer: wait=60\r\n");
  BOOST_TEST(ended.field("Preference-Applied") == "wait=60");
  BOOST_TEST(json_member(ended.body, "state") == "completed");
  BOOST_TEST(json_member(ended.body, "output") == "7");
}

BOOST_AUTO_TEST_CASE(a_wait_in_vain_is_answered_with_the_state_at_its_end) {
  five_instances s;
  const auto open = s.ask("GET", "/v1/instances/b-1?input=false", "", "Prefer: wait=0\r\n");
  BOOST_TEST(open.status == 200u);
  BOOST_TEST(open.field("Preference-Applied") == "wait=0");
  BOOST_TEST(json_member(open.body, "state") == "running");
  BOOST_TEST(json_text(open.body, "input") == "");
  BOOST_TEST(s.ask("GET", "/v1/instances/nobody", "", "Prefer: wait=9\r\n").status == 404u);
}

BOOST_AUTO_TEST_CASE(a_wait_that_is_stopped_leaves_nothing_behind) {
  five_instances s;
  auto kept = std::make_shared<int>(0);
  const std::weak_ptr<int> watched = kept;
  auto waiting = s.on().instances().wait(
      "b-1", [kept = std::move(kept)](const result<instance_status>&) { ++*kept; });
  BOOST_TEST(!watched.expired());
  waiting.stop();
  until([&] { return watched.expired(); });
  waiting.stop();
}

BOOST_AUTO_TEST_CASE(a_reason_is_kept) {
  five_instances s;
  s.post_json("/v1/instances/b-1/suspend", R"({"reason":"lunch"})");
  BOOST_TEST(json_member(s.ask("GET", "/v1/instances/b-1").body, "state") == "suspended");
  s.post_json("/v1/instances/b-1/resume", R"({"reason":"back"})");
  BOOST_TEST(json_member(s.ask("GET", "/v1/instances/b-1").body, "state") == "running");
  s.post_json("/v1/instances/b-1/terminate", R"({"reason":"too late"})");
  const auto over = s.ask("GET", "/v1/instances/b-1");
  BOOST_TEST(json_member(over.body, "state") == "terminated");
  BOOST_TEST(json_member(json_text(over.body, "failure"), "text") == "too late");
  BOOST_TEST(words_of(s.ask("GET", "/v1/instances/b-1/history").body, "reason") == "lunch back");
}

BOOST_AUTO_TEST_CASE(a_failed_instance_can_be_rewound) {
  served s;
  s.post_json("/v1/orchestrations/doomed?id=x", R"("a broken shelf")");
  BOOST_TEST((s.ended("x") == instance_state::failed));
  BOOST_TEST(s.post_json("/v1/instances/x/rewind", R"({"reason":"again"})").status == 204u);
  BOOST_TEST((s.ended("x") == instance_state::failed));
  const auto history = s.ask("GET", "/v1/instances/x/history");
  BOOST_TEST(history.body.find(R"("kind":"rewound")") != std::string::npos);
  BOOST_TEST(history.body.find(R"("undone":true)") != std::string::npos);
}

// Neither of a child that failed by itself, nor of the parent that failed because of it.
BOOST_AUTO_TEST_CASE(a_rewind_that_takes_nothing_back_says_so_on_both_surfaces) {
  application app;
  app.bind(younger, run_younger).bind(elder, run_elder);
  served s(std::move(app));
  s.ask("POST", "/v1/orchestrations/elder?id=e");
  BOOST_TEST((s.ended("e") == instance_state::failed));
  for (const std::string id : {"e", "y"}) {
    const auto before = s.ask("GET", "/v1/instances/" + id).body;
    const auto native = s.ask("POST", "/v1/instances/" + id + "/rewind");
    BOOST_TEST(native.status == 409u);
    BOOST_TEST(json_member(native.body, "code") == "nothing_undone");
    const auto functions = s.ask("POST", df("/instances/" + id + "/rewind?reason=again"));
    BOOST_TEST(functions.status == 412u);
    for (const auto& body : {native.body, functions.body})
      BOOST_TEST((body.find("no luck") != std::string::npos &&
                  body.find("the answer of timer") != std::string::npos &&
                  (id == "y" || body.find("\\\"y\\\"") != std::string::npos)),
                 body);
    BOOST_TEST(s.ask("GET", "/v1/instances/" + id).body == before);
  }
}

BOOST_AUTO_TEST_CASE(a_restart_waits_as_a_start_does) {
  five_instances s;
  const auto answer =
      s.post_json("/v1/instances/a-1/restart", R"({"id":"a-9"})", "Prefer: wait=60\r\n");
  BOOST_TEST(answer.status == 200u);
  BOOST_TEST(json_member(answer.body, "id") == "a-9");
  BOOST_TEST(answer.body.find(R"("output":{"n": 1})") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(steering_with_a_key_happens_once) {
  five_instances s;
  const std::string key = "Idempotency-Key: k\r\n";
  const auto first = s.post_json("/v1/instances/a-1/restart", "{}", key);
  const auto again = s.post_json("/v1/instances/a-1/restart", "{}", key);
  BOOST_TEST(first.status == 201u);
  BOOST_TEST(again.body == first.body);
  BOOST_TEST(s.post_json("/v1/instances/b-1/terminate", "{}", key).status == 204u);
  BOOST_TEST(s.post_json("/v1/instances/b-1/terminate", "{}", key).status == 204u);
  BOOST_TEST(s.post_json("/v1/instances/b-1/terminate", R"({"reason":"x"})", key).status == 422u);
  BOOST_TEST(s.ask("DELETE", "/v1/instances/b-1", "", key).status == 204u);
  BOOST_TEST(s.ask("DELETE", "/v1/instances/b-1", "", key).status == 204u);
  BOOST_TEST(s.ask("DELETE", "/v1/instances/b-1").status == 404u);
}

BOOST_AUTO_TEST_CASE(a_restart_under_an_id_of_choice_happens_once_or_is_refused) {
  five_instances s;
  const std::string key = "Idempotency-Key: k\r\n", other = "Idempotency-Key: l\r\n";
  const auto again = [&](const std::string& id, const std::string& as, const std::string& once) {
    return s.post_json("/v1/instances/" + id + "/restart", R"({"id":")" + as + "\"}", once);
  };
  BOOST_TEST(again("a-1", "b-1", key).status == 409u);  // it runs
  BOOST_TEST(again("b-1", "c", key).status == 201u);
  BOOST_TEST(again("b-1", "c", key).body == R"({"id":"c"})");
  BOOST_TEST(again("b-1", "c", other).status == 409u);
  BOOST_TEST(again("a-1", "c", key).status == 422u);  // the key was that of another restart
  const auto c = s.ask("GET", "/v1/instances/c").body;
  BOOST_TEST(json_member(c, "orchestration") == "approve");
  BOOST_TEST(again("nobody", "d", key).status == 404u);
}

BOOST_AUTO_TEST_CASE(a_purge_by_filter_counts_what_it_took) {
  five_instances s;
  const auto none = s.ask("DELETE", "/v1/instances?prefix=b-&created_to=2200-01-01");
  BOOST_TEST(none.status == 200u);
  BOOST_TEST(none.body == R"({"purged":0,"complete":true})");
  BOOST_TEST(s.ask("DELETE", "/v1/instances?state=failed").body ==
             R"({"purged":1,"complete":true})");
  BOOST_TEST(s.ask("DELETE", "/v1/instances?orchestration=echo&created_from=2020-01-01").body ==
             R"({"purged":2,"complete":true})");
  BOOST_TEST(words_of(s.ask("GET", "/v1/instances").body, "id") == "b-1 b-2");
}

BOOST_AUTO_TEST_SUITE_END()
