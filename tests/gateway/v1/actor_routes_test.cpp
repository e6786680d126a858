#include <string>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "gateway/json/json_in.hpp"
#include "tests/gateway/served.hpp"

namespace {

using namespace reprise;
using namespace reprise::gateway_test;
using gateway::json_member;
namespace data = boost::unit_test::data;

const std::string json_type = "Content-Type: application/json\r\n";

struct row {
  std::string what, method, target, body, fields;
  unsigned status;
  std::string code;  // of the problem; or the whole body of a 200
};
std::ostream& operator<<(std::ostream& out, const row& r) { return out << r.what; }

const row rows[] = {
    {"an operation", "POST", "/v1/actors/stock/a/put", R"({"quantity":3})", json_type, 200,
     R"({"quantity":3,"left":3})"},
    {"a media type with a parameter", "POST", "/v1/actors/stock/a/put", R"({"quantity":3})",
     "Content-Type: Application/JSON; charset=utf-8\r\n", 200, R"({"quantity":3,"left":3})"},
    {"no input, no body", "POST", "/v1/actors/stock/a/look", "", "", 200,
     R"({"quantity":0,"left":0})"},
    {"no input, empty object", "POST", "/v1/actors/stock/a/look", "{}", json_type, 200,
     R"({"quantity":0,"left":0})"},
    {"no output", "POST", "/v1/actors/stock/a/forget", "null", json_type, 200, "null"},
    {"json keeps its bytes", "POST", "/v1/actors/stock/a/same", R"({ "n" : 1.10 })", json_type, 200,
     R"({ "n" : 1.10 })"},
    {"an encoded key", "POST", "/v1/actors/stock/a%20%C3%A9/look", "", "", 200,
     R"({"quantity":0,"left":0})"},
    {"rejected", "POST", "/v1/actors/stock/a/take", R"({"quantity":1})", json_type, 409,
     "rejected"},
    {"thrown", "POST", "/v1/actors/stock/a/explode", "", "", 500, "failed"},
    {"bad input", "POST", "/v1/actors/stock/a/put", R"({"quantity":-1})", json_type, 400,
     "invalid"},
    {"unknown member", "POST", "/v1/actors/stock/a/put", R"({"amount":1})", json_type, 400,
     "invalid"},
    {"no JSON", "POST", "/v1/actors/stock/a/put", "{", json_type, 400, "invalid"},
    {"input where none is taken", "POST", "/v1/actors/stock/a/look", "1", json_type, 400,
     "invalid"},
    {"no media type", "POST", "/v1/actors/stock/a/put", R"({"quantity":3})", "", 415, "media_type"},
    {"other media type", "POST", "/v1/actors/stock/a/put", R"({"quantity":3})",
     "Content-Type: text/plain\r\n", 415, "media_type"},
    {"unknown operation", "POST", "/v1/actors/stock/a/burn", "", "", 404, "unbound"},
    {"unknown type", "POST", "/v1/actors/fish/a/look", "", "", 404, "unbound"},
    {"state of an unknown type", "GET", "/v1/actors/fish/a", "", "", 404, "unbound"},
    {"state of nobody", "GET", "/v1/actors/stock/nobody", "", "", 404, "not_found"},
    {"key with a slash", "POST", "/v1/actors/stock/a%2Fb/look", "", "", 400, "invalid"},
    {"key with an at sign first", "POST", "/v1/actors/stock/@a/look", "", "", 400, "invalid"},
    {"key of 257 bytes", "GET", "/v1/actors/stock/" + std::string(257, 'k'), "", "", 400,
     "invalid"},
    {"key that is no UTF-8", "GET", "/v1/actors/stock/%ff", "", "", 400, "malformed"},
    {"key with NUL", "GET", "/v1/actors/stock/%00", "", "", 400, "malformed"},
    {"half an encoding", "GET", "/v1/actors/stock/%4", "", "", 400, "malformed"},
    {"a type without actors", "GET", "/v1/actors/stock", "", "", 200,
     R"({"actors":[],"next":null})"},
    {"a list of an unknown type", "GET", "/v1/actors/fish", "", "", 404, "unbound"},
    {"POST of a list", "POST", "/v1/actors/stock", "", "", 405, "method"},
    {"no type", "GET", "/v1/actors", "", "", 404, "no_route"},
    {"unlock of a free actor", "DELETE", "/v1/actors/stock/a/lock", "", "", 404, "not_found"},
    {"unlock of no type", "DELETE", "/v1/actors/A/a/lock", "", "", 400, "invalid"},
    {"GET of the lock of a free actor", "GET", "/v1/actors/stock/a/lock", "", "", 404, "not_found"},
    {"POST of a list of locks", "POST", "/v1/locks", "", "", 405, "method"},
    {"DELETE of an operation", "DELETE", "/v1/actors/stock/a/look", "", "", 405, "method"},
    {"an operation named lock", "POST", "/v1/actors/stock/a/lock", "", "", 404, "unbound"},
    {"too many parts", "POST", "/v1/actors/stock/a/look/b", "", "", 404, "no_route"},
    {"GET of an operation", "GET", "/v1/actors/stock/a/look", "", "", 405, "method"},
    {"POST of a state", "POST", "/v1/actors/stock/a", "", "", 405, "method"},
    {"nowhere", "GET", "/v1/elsewhere", "", "", 404, "no_route"},
    {"root", "GET", "/", "", "", 404, "no_route"},
    {"empty idempotency key", "POST", "/v1/actors/stock/a/look", "", "Idempotency-Key:\r\n", 400,
     "invalid"},
    {"long idempotency key", "POST", "/v1/actors/stock/a/look", "",
     "Idempotency-Key: " + std::string(256, 'k') + "\r\n", 400, "invalid"},
    {"a condition of both kinds", "POST", "/v1/actors/stock/a/look", "",
     "If-Match: *\r\nIf-None-Match: *\r\n", 400, "invalid"},
    {"only if it is another", "DELETE", "/v1/actors/stock/a", "", "If-None-Match: \"a\"\r\n", 400,
     "invalid"},
    {"a state of nobody", "POST", "/v1/actors/stock/a/look", "", "If-Match: \"a\"\r\n", 412,
     "precondition_failed"},
    {"a condition of what has no ETag", "DELETE", "/v1/instances/nobody", "", "If-Match: *\r\n",
     412, "precondition_failed"},
    {"a condition of a lock", "DELETE", "/v1/actors/stock/a/lock", "", "If-Match: *\r\n", 412,
     "precondition_failed"},
    {"a condition that there is no lock", "DELETE", "/v1/actors/stock/a/lock", "",
     "If-None-Match: *\r\n", 412, "precondition_failed"},
    {"a condition of a new instance", "POST", "/v1/orchestrations/echo", "", "If-None-Match: *\r\n",
     412, "precondition_failed"},
    {"told and rejected", "POST", "/v1/actors/stock/a/take", R"({"quantity":1})",
     json_type + "Prefer: respond-async\r\n", 409, "rejected"},
    {"erased with a bad key", "DELETE", "/v1/actors/stock/a", "", "Idempotency-Key:\r\n", 400,
     "invalid"},
    {"unlocked with a bad key", "DELETE", "/v1/actors/stock/a/lock", "", "Idempotency-Key:\r\n",
     400, "invalid"},
    {"a page of another origin", "POST", "/v1/actors/stock/a/look", "",
     "Origin: http://evil.example\r\n", 403, "origin"},
    {"a page of no origin", "POST", "/v1/actors/stock/a/look", "", "Origin: null\r\n", 403,
     "origin"},
    {"another name of this machine", "POST", "/v1/actors/stock/a/look", "",
     "Host: evil.example\r\n", 421, "host"},
    {"IPv6 name", "GET", "/livez", "", "Host: [::1]:7071\r\n", 200, "ok\n"},
    {"address name", "GET", "/livez", "", "Host: 127.0.0.1\r\n", 200, "ok\n"},
    {"alive", "GET", "/livez", "", "", 200, "ok\n"},
    {"ready", "GET", "/readyz", "", "", 200, "ok\n"},
    {"POST of health", "POST", "/readyz", "", "", 405, "method"},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(actor_routes)

BOOST_DATA_TEST_CASE(each_request_has_its_answer, data::make(rows), one) {
  served s;
  const auto answer = s.ask(one.method, one.target, one.body, one.fields);
  BOOST_TEST(answer.status == one.status);
  if (one.status == 200) {
    BOOST_TEST(answer.body == one.code);
    return;
  }
  BOOST_TEST(answer.field("Content-Type") == "application/problem+json");
  BOOST_TEST(json_member(answer.body, "code") == one.code);
  BOOST_TEST(json_member(answer.body, "type") == "urn:reprise:problem:" + one.code);
  BOOST_TEST(json_member(answer.body, "status") == std::to_string(one.status));
  BOOST_TEST(!json_member(answer.body, "title").empty());
  BOOST_TEST(!json_member(answer.body, "detail").empty());
}

BOOST_AUTO_TEST_CASE(state_is_what_the_operations_left) {
  served s;
  BOOST_TEST(s.post_json("/v1/actors/stock/tea/put", R"({"quantity":10})").status == 200u);
  BOOST_TEST(s.post_json("/v1/actors/stock/tea/take", R"({"quantity":4})").body ==
             R"({"quantity":0,"left":6})");
  BOOST_TEST(s.post_json("/v1/actors/stock/tea/take", R"({"quantity":7})").status == 409u);
  BOOST_TEST(s.ask("GET", "/v1/actors/stock/tea").body == R"({"quantity":0,"left":6})");
  BOOST_TEST(s.ask("GET", "/v1/actors/stock/%74ea").body == R"({"quantity":0,"left":6})");
  BOOST_TEST(s.ask("POST", "/v1/actors/stock/tea/forget").status == 200u);
  BOOST_TEST(s.ask("GET", "/v1/actors/stock/tea").status == 404u);
}

BOOST_AUTO_TEST_CASE(an_actor_with_tables_and_no_state_is_there) {
  served s;
  BOOST_TEST(s.ask("POST", "/v1/actors/stock/tea/note").status == 200u);
  BOOST_TEST(s.ask("GET", "/v1/actors/stock/tea").body == R"({"quantity":0,"left":0})");
  BOOST_TEST(s.ask("POST", "/v1/actors/meter/m/mark").status == 200u);
  BOOST_TEST(s.ask("GET", "/v1/actors/meter/m").body == "null");
}

BOOST_AUTO_TEST_CASE(an_actor_can_be_deleted) {
  served s;
  BOOST_TEST(s.post_json("/v1/actors/stock/tea/put", R"({"quantity":10})").status == 200u);
  BOOST_TEST(s.ask("DELETE", "/v1/actors/stock/tea").status == 204u);
  BOOST_TEST(s.ask("GET", "/v1/actors/stock/tea").status == 404u);
  BOOST_TEST(s.ask("DELETE", "/v1/actors/stock/tea").status == 204u);  // gone is gone
  BOOST_TEST(s.ask("DELETE", "/v1/actors/nothing/tea").status == 404u);
  BOOST_TEST(s.post_json("/v1/actors/stock/tea/put", R"({"quantity":1})").body ==
             R"({"quantity":1,"left":1})");
}

BOOST_AUTO_TEST_CASE(an_effect_happens_once_per_idempotency_key) {
  served s;
  const std::string key = "Idempotency-Key: k-1\r\n";
  const std::string quoted = "Idempotency-Key: \"k-1\"\r\n";
  const auto put = "/v1/actors/stock/tea/put";
  BOOST_TEST(s.post_json(put, R"({"quantity":5})", key).body == R"({"quantity":5,"left":5})");
  BOOST_TEST(s.post_json(put, R"({"quantity":5})", key).body == R"({"quantity":5,"left":5})");
  BOOST_TEST(s.post_json(put, R"({"quantity":5})", quoted).body == R"({"quantity":5,"left":5})");
  const auto other = s.post_json(put, R"({"quantity":6})", key);
  BOOST_TEST(other.status == 422u);
  BOOST_TEST(json_member(other.body, "code") == "mismatch");
  BOOST_TEST(s.ask("GET", "/v1/actors/stock/tea").body == R"({"quantity":0,"left":5})");
  // Another target with the same key is another effect.
  BOOST_TEST(s.post_json("/v1/actors/stock/oil/put", R"({"quantity":6})", key).status == 200u);
  // A refusal is an answer too: the same after a restock.
  const std::string second = "Idempotency-Key: k-2\r\n";
  BOOST_TEST(s.post_json("/v1/actors/stock/tea/take", R"({"quantity":9})", second).status == 409u);
  BOOST_TEST(s.post_json(put, R"({"quantity":9})").status == 200u);
  BOOST_TEST(s.post_json("/v1/actors/stock/tea/take", R"({"quantity":9})", second).status == 409u);
}

BOOST_AUTO_TEST_CASE(a_stopping_server_is_alive_and_not_ready) {
  served s;
  s.routing().drain();
  BOOST_TEST(s.ask("GET", "/livez").status == 200u);
  const auto answer = s.ask("GET", "/readyz");
  BOOST_TEST(answer.status == 503u);
  BOOST_TEST(answer.field("Retry-After") == "1");
}

BOOST_AUTO_TEST_CASE(a_further_host_name_or_any_host_name_can_be_allowed) {
  gateway::route_options named;
  named.hosts.push_back("shop.example");
  served one(named);
  BOOST_TEST(one.ask("GET", "/livez", "", "Host: Shop.Example:80\r\n").status == 200u);
  BOOST_TEST(one.ask("GET", "/livez", "", "Host: shop.example.evil\r\n").status == 421u);
  gateway::route_options open;
  open.hosts.clear();
  served any(open);
  BOOST_TEST(any.ask("GET", "/livez", "", "Host: anything\r\n").status == 200u);
}

BOOST_AUTO_TEST_CASE(a_page_of_the_same_origin_may_ask) {
  served s;
  const auto origin = "Origin: " + s.url() + "\r\n";
  BOOST_TEST(s.ask("POST", "/v1/actors/stock/a/look", "", origin).status == 200u);
}

BOOST_AUTO_TEST_CASE(a_state_that_is_known_is_not_sent_again) {
  served s;
  const std::string tea = "/v1/actors/stock/tea";
  s.post_json(tea + "/put", R"({"quantity":1})");
  const auto first = s.ask("GET", tea);
  const auto known = "If-None-Match: \"other\"\r\nIf-None-Match: " + first.field("ETag") + "\r\n";
  BOOST_TEST(first.field("ETag").size() == 34u);
  const auto again = s.ask("GET", tea, "", known);
  BOOST_TEST(again.status == 304u);
  BOOST_TEST(again.body == "");
  BOOST_TEST(again.field("ETag") == first.field("ETag"));
  BOOST_TEST(again.field("Content-Length") == "");
  s.post_json(tea + "/put", R"({"quantity":1})");
  const auto changed = s.ask("GET", tea, "", known);
  BOOST_TEST(changed.status == 200u);
  BOOST_TEST(changed.field("ETag") != first.field("ETag"));
  BOOST_TEST(s.ask("GET", tea, "", "If-None-Match: *\r\n").status == 304u);
  BOOST_TEST(s.ask("GET", "/v1/actors/stock/oil", "", "If-None-Match: *\r\n").status == 404u);
}

namespace {

const std::string tea = "/v1/actors/stock/tea";

std::string put_one(served& s, const std::string& fields) {
  const auto answer = s.post_json(tea + "/put", R"({"quantity":1})", fields);
  return answer.status == 200 ? json_member(answer.body, "left") : std::to_string(answer.status);
}

std::string if_match(const std::string& tag) { return "If-Match: " + tag + "\r\n"; }

}  // namespace

BOOST_AUTO_TEST_CASE(a_write_is_done_only_to_the_state_that_was_read) {
  served s;
  BOOST_TEST(put_one(s, if_match("*")) == "412");
  BOOST_TEST(put_one(s, "If-None-Match: *\r\n") == "1");
  BOOST_TEST(put_one(s, "If-None-Match: *\r\n") == "412");
  const auto read = s.ask("GET", tea).field("ETag");
  BOOST_TEST(put_one(s, if_match(read)) == "2");
  const auto late = s.post_json(tea + "/put", R"({"quantity":1})", if_match(read));
  BOOST_TEST(late.status == 412u);
  BOOST_TEST(late.field("Content-Type") == "application/problem+json");
  BOOST_TEST(json_member(late.body, "code") == "precondition_failed");
  const auto now = s.ask("GET", tea).field("ETag");
  BOOST_TEST(late.field("ETag") == now);
  BOOST_TEST(put_one(s, if_match("\"x\", " + now)) == "3");
  BOOST_TEST(put_one(s, if_match("W/" + s.ask("GET", tea).field("ETag"))) == "412");
  BOOST_TEST(s.ask("POST", tea + "/look", "", if_match(now)).status == 412u);  // a read too
  BOOST_TEST(s.ask("DELETE", tea, "", if_match(now)).status == 412u);
  BOOST_TEST(s.ask("DELETE", tea, "", if_match(s.ask("GET", tea).field("ETag"))).status == 204u);
  const auto gone = s.ask("DELETE", tea, "", if_match("*"));
  BOOST_TEST(gone.status == 412u);
  BOOST_TEST(gone.field("ETag") == "");
}

BOOST_AUTO_TEST_CASE(an_operation_whose_answer_is_not_wanted_is_told) {
  served s;
  const std::string tell = "Prefer: respond-async\r\n";
  const auto told = s.post_json(tea + "/put", R"({"quantity":2})", tell);
  BOOST_TEST(told.status == 202u);
  BOOST_TEST(told.body == "");
  BOOST_TEST(told.field("Preference-Applied") == "respond-async");
  const auto read = s.ask("GET", tea);
  BOOST_TEST(json_member(read.body, "left") == "2");
  BOOST_TEST(put_one(s, tell + if_match(read.field("ETag"))) == "202");
  BOOST_TEST(put_one(s, tell + if_match(read.field("ETag"))) == "412");
  BOOST_TEST(json_member(s.ask("GET", tea).body, "left") == "3");
}

BOOST_AUTO_TEST_CASE(a_conditional_write_happens_once_per_key) {
  served s;
  put_one(s, "");
  const auto first = s.ask("GET", tea).field("ETag");
  const std::string key = "Idempotency-Key: k\r\n", other = "Idempotency-Key: l\r\n";
  for (int i = 0; i < 2; ++i) {
    BOOST_TEST(put_one(s, key + if_match(first)) == "2");
    BOOST_TEST(put_one(s, other + if_match(first)) == "412");
  }
  // Another condition is another request.
  const auto now = s.ask("GET", tea).field("ETag");
  BOOST_TEST(put_one(s, other + if_match(now)) == "422");
  BOOST_TEST(put_one(s, other) == "422");
  const std::string third = "Idempotency-Key: m\r\n";
  BOOST_TEST(s.ask("DELETE", tea, "", third + if_match(now)).status == 204u);
  BOOST_TEST(put_one(s, "") == "1");
  BOOST_TEST(s.ask("DELETE", tea, "", third + if_match(now)).status == 204u);
  BOOST_TEST(s.ask("GET", tea).status == 200u);
}

BOOST_AUTO_TEST_SUITE_END()
