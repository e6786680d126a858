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

struct refusal {
  std::string what, target, body, fields;
  unsigned status;
  std::string code, pointer, says;  // pointer "-": the problem names no place
};
std::ostream& operator<<(std::ostream& out, const refusal& r) { return out << r.what; }

const refusal refusals[] = {
    {"no body", "/instances", "", "", 400, "invalid", "/orchestration", "wanted the name of"},
    {"no media type", "/instances", "{}", "", 415, "media_type", "-", "application/json"},
    {"another media type", "/instances", "{}", "Content-Type: text/plain\r\n", 415, "media_type",
     "-", ""},
    {"no JSON", "/instances", "{oh", json_type, 400, "invalid", "", "not one JSON value"},
    {"no object", "/instances", "[1]", json_type, 400, "invalid", "", "wanted an object"},
    {"a name twice", "/instances", R"({"id":"a","id":"b"})", json_type, 400, "invalid", "",
     "\"id\" is there twice"},
    {"an unknown member", "/instances", R"({"orchestration":"echo","name/~":1})", json_type, 400,
     "invalid", "/name~1~0", "this takes orchestration, version, id, at, input"},
    {"a number as name", "/instances", R"({"orchestration":1})", json_type, 400, "invalid",
     "/orchestration", "wanted a string, came the number 1"},
    {"an unknown name", "/instances", R"({"orchestration":"dance"})", json_type, 404, "unbound",
     "/orchestration", "no orchestration \"dance\""},
    {"an unknown version", "/instances", R"({"orchestration":"echo","version":7})", json_type, 404,
     "unbound", "/orchestration", "no orchestration \"echo.7\""},
    {"a version as text", "/instances", R"({"orchestration":"echo","version":"1"})", json_type, 400,
     "invalid", "/version", "wanted an integer"},
    {"an impossible id", "/instances", R"({"orchestration":"echo","id":"@a"})", json_type, 400,
     "invalid", "/id", "this id is not allowed"},
    {"an empty id", "/instances", R"({"orchestration":"echo","id":""})", json_type, 400, "invalid",
     "/id", "this id is not allowed"},
    {"no time", "/instances", R"({"orchestration":"echo","at":"later"})", json_type, 400, "invalid",
     "/at", "wanted a time"},
    {"input that does not fit", "/instances",
     R"({"orchestration":"mirror","input":{"points":[{"x":"far"}]}})", json_type, 400, "invalid",
     "/input/points/0/x", "at /input/points/0/x: wanted an integer"},
    {"input of another kind", "/instances", R"({"orchestration":"mirror","input":[]})", json_type,
     400, "invalid", "/input", "at /input: wanted an object"},
    {"no input where one is needed", "/instances", R"({"orchestration":"doomed"})", json_type, 400,
     "invalid", "/input", "wanted text, it is not given"},
    {"a bad idempotency key", "/instances", R"({"orchestration":"echo"})",
     json_type + "Idempotency-Key:\r\n", 400, "invalid", "-", "Idempotency-Key"},
    {"an id that runs", "/instances", R"({"orchestration":"approve","id":"open"})", json_type, 409,
     "exists", "-", "open"},
    {"an unknown name in the path", "/orchestrations/dance", "", "", 404, "unbound", "-", "dance"},
    {"an unknown version beside it", "/orchestrations/echo?version=x", "", "", 404, "unbound", "-",
     "echo.x"},
    {"an impossible id beside it", "/orchestrations/echo?id=@a", "", "", 400, "invalid", "-",
     "parameter id: "},
    {"an empty id beside it", "/orchestrations/echo?id=", "", "", 400, "invalid", "-",
     "parameter id: "},
    {"no time beside it", "/orchestrations/echo?at=later", "", "", 400, "invalid", "-",
     "parameter at: wanted a time"},
    {"a body that does not fit", "/orchestrations/mirror", R"({"points":[{"x":"far"}]})", json_type,
     400, "invalid", "/points/0/x", "at /points/0/x: wanted"},
    {"no body where text is wanted", "/orchestrations/doomed", "", "", 400, "invalid", "",
     "no body came: wanted text"},
    {"a body without media type", "/orchestrations/echo", "1", "", 415, "media_type", "-", ""},
    {"an id that runs beside it", "/orchestrations/approve?id=open", "", "", 409, "exists", "-",
     "open"},
    {"a bad key beside it", "/orchestrations/echo", "", "Idempotency-Key:\r\n", 400, "invalid", "-",
     ""},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(instance_start)

BOOST_DATA_TEST_CASE(an_invalid_start_is_refused_with_the_place_of_the_mistake,
                     data::make(refusals), one) {
  served s;
  BOOST_TEST_REQUIRE(s.ask("POST", "/v1/orchestrations/approve?id=open").status == 201u);
  const auto answer = s.ask("POST", "/v1" + one.target, one.body, one.fields);
  BOOST_TEST(answer.status == one.status);
  BOOST_TEST(answer.field("Content-Type") == "application/problem+json");
  BOOST_TEST(json_member(answer.body, "code") == one.code);
  const auto detail = json_member(answer.body, "detail");
  BOOST_TEST(detail.find(one.says) != std::string::npos, detail);
  const auto errors = json_text(answer.body, "errors");
  const auto place = R"([{"pointer":")" + one.pointer + "\",";
  BOOST_TEST((one.pointer == "-" ? errors.empty() : errors.starts_with(place)), errors);
}

BOOST_AUTO_TEST_CASE(a_start_says_where_its_instance_is) {
  served s;
  const auto answer = s.post_json(
      "/v1/instances", R"( {"\u0069d" : "a b", "orchestration":"echo","input": {"n": [1.0]} } )");
  BOOST_TEST(answer.status == 201u);
  BOOST_TEST(answer.field("Location") == s.url() + "/v1/instances/a%20b");
  BOOST_TEST(answer.field("Content-Type") == "application/json");
  BOOST_TEST(answer.body == R"({"id":"a b"})");
  s.ended("a b");
  BOOST_TEST(json_text(s.ask("GET", "/v1/instances/a%20b").body, "output") == R"({"n":[1.0]})");
}

BOOST_AUTO_TEST_CASE(a_start_without_id_makes_one_up) {
  served s;
  const auto first = s.post_json("/v1/instances", R"({"orchestration":"echo","id":null})");
  const auto second = s.ask("POST", "/v1/orchestrations/echo");
  const auto id = json_member(first.body, "id");
  BOOST_TEST(std::regex_match(id, std::regex("[0-9a-f]{32}")), id);
  BOOST_TEST(second.status == 201u);
  BOOST_TEST(json_member(second.body, "id") != id);
}

BOOST_AUTO_TEST_CASE(the_body_of_an_orchestration_is_its_input) {
  served s;
  const auto answer =
      s.post_json("/v1/orchestrations/echo?id=e&version=1", R"({"n": 1.0})", "Prefer: wait=60\r\n");
  BOOST_TEST(answer.status == 200u);
  BOOST_TEST(answer.field("Preference-Applied") == "wait=60");
  BOOST_TEST(json_member(answer.body, "id") == "e");
  BOOST_TEST(json_member(answer.body, "state") == "completed");
  BOOST_TEST(answer.body.find(R"("output":{"n": 1.0})") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_start_may_be_due_later) {
  served s;
  const auto body = R"({"orchestration":"echo","id":"later","version":1,"at":"2200-01-01"})";
  BOOST_TEST(s.post_json("/v1/instances", body).status == 201u);
  BOOST_TEST(s.ask("POST", "/v1/orchestrations/echo?id=too&at=2200-01-01T00:00:00Z").status ==
             201u);
  for (const std::string id : {"later", "too"}) {
    const auto one = s.ask("GET", "/v1/instances/" + id);
    BOOST_TEST(json_member(one.body, "state") == "pending");
    BOOST_TEST(json_member(one.body, "due") == "2200-01-01T00:00:00.0000000Z");
  }
}

BOOST_AUTO_TEST_CASE(a_start_that_waits_is_answered_with_the_ended_instance) {
  served s;
  const auto body = R"({"orchestration":"doomed","id":"sad","input":"no luck"})";
  const auto failed = s.post_json("/v1/instances", body, "Prefer: wait=60\r\n");
  BOOST_TEST(failed.status == 200u);
  BOOST_TEST(json_member(failed.body, "state") == "failed");
  BOOST_TEST(json_member(json_text(failed.body, "failure"), "text") == "no luck");
  const auto open = s.post_json("/v1/instances", R"({"orchestration":"approve","id":"open"})",
                                "Prefer: respond-async\r\nPrefer: wait=0\r\n");
  BOOST_TEST(open.status == 201u);
  BOOST_TEST(open.field("Preference-Applied") == "wait=0");
  BOOST_TEST(open.field("Location") == s.url() + "/v1/instances/open");
}

BOOST_AUTO_TEST_CASE(a_start_with_an_idempotency_key_starts_once) {
  served s;
  const std::string key = "Idempotency-Key: order-9\r\n";
  const auto body = R"({"orchestration":"approve"})";
  const auto first = s.post_json("/v1/instances", body, key);
  const auto again = s.post_json("/v1/instances", body, key);
  BOOST_TEST(first.status == 201u);
  BOOST_TEST(again.status == 201u);
  BOOST_TEST(again.body == first.body);
  BOOST_TEST(again.field("Location") == first.field("Location"));
  const auto other =
      s.post_json("/v1/instances", R"({"orchestration":"approve","input":null})", key);
  BOOST_TEST(other.status == 422u);
  BOOST_TEST(json_member(other.body, "code") == "mismatch");
}

BOOST_AUTO_TEST_SUITE_END()
