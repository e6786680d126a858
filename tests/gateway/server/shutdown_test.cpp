// What becomes of a request when the server ends, in every state in which one may be: over a real node
// and real sockets. Nothing here measures time: what would wait for its own limit waits for ever.

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "gateway/json/json_in.hpp"
#include "tests/gateway/served.hpp"

namespace {

using namespace reprise;
using namespace reprise::gateway_test;
using namespace std::chrono_literals;
using gateway::json_member;
namespace data = boost::unit_test::data;

constexpr auto for_ever = std::chrono::hours(24);

std::string head(const std::string& line, const std::string& fields = "") {
  return line + " HTTP/1.1\r\nHost: localhost\r\n" + fields + "\r\n";
}
std::string posted(const std::string& target, const std::string& fields = "") {
  return head("POST " + target, fields);
}

struct row {
  std::string what, bytes;
  unsigned status;   // of its answer; 0: it is closed without one
  std::string says;  // part of the answer's head or body
};
std::ostream& operator<<(std::ostream& out, const row& r) { return out << r.what; }

// These end by themselves.
const row waiting[] = {
    {"connection without a request", "", 0, ""},
    {"wait for an instance", head("GET /v1/instances/open", "Prefer: wait=50\r\n"), 200,
     "Preference-Applied: wait=50"},
    {"waiting start", posted("/v1/orchestrations/approve", "Prefer: wait=50\r\n"), 201,
     "Preference-Applied: wait=50"},
    {"waiting restart", posted("/v1/instances/over/restart", "Prefer: wait=50\r\n"), 201,
     "Preference-Applied: wait=50"},
    {"waiting start of Durable Functions", posted(df("/orchestrators/approve?timeout=50")), 202,
     "statusQueryGetUri"},
    {"waiting restart of Durable Functions", posted(df("/instances/over/restart?timeout=50")), 202,
     "statusQueryGetUri"},
    {"stream of all", head("GET /v1/events"), 200, "text/event-stream"},
    {"stream of one", head("GET /v1/instances/open/events"), 200, "text/event-stream"},
};

// These are cut off: whoever sends them was not asked to stop.
const std::string unfinished = "nothing was done";
const row half[] = {
    {"half a head", "GET /v1/vers", 503, unfinished},
    {"half a body", posted("/v1/orchestrations/echo", "Content-Length: 9\r\n") + "{", 503,
     unfinished},
    {"half a chunk", posted("/v1/orchestrations/echo", "Transfer-Encoding: chunked\r\n") + "9\r\n[",
     503, unfinished},
    {"half a body of Durable Functions", posted(df("/orchestrators/echo"), "Content-Length: 9\r\n"),
     503, "{\"Message\":"},
    {"a body that was asked for",
     posted("/v1/orchestrations/echo", "Content-Length: 9\r\nExpect: 100-continue\r\n"), 503,
     unfinished},
};

// An instance that waits, one that has ended, and an actor that a critical section has.
struct ending : served {
  ending() {
    ask("POST", df("/orchestrators/approve/open"));
    ask("POST", df("/orchestrators/approve/over"));
    ask("POST", df("/orchestrators/hold/owner"), "\"tea\"");
    begun("open");
    begun("over");
    ask("POST", df("/instances/over/terminate"));
    ended("over");
    until([&] { return ask("GET", "/v1/actors/stock/tea/lock").status == 200u; });
  }

  // Several of each, for nobody is to be the last that is thought of.
  std::vector<std::unique_ptr<raw_client>> sent(const std::string& bytes) {
    std::vector<std::unique_ptr<raw_client>> clients;
    for (int i = 0; i < 3; ++i) {
      clients.push_back(std::make_unique<raw_client>(port()));
      clients.back()->send(bytes);
    }
    // One thread serves them all in the order in which their bytes came.
    ask("GET", "/livez");
    return clients;
  }
};

void expect(raw_client& client, const row& one) {
  auto answer = client.answer();
  if (answer.status == 100) answer = client.answer();
  BOOST_TEST(answer.status == one.status);
  BOOST_TEST((answer.head + answer.body).find(one.says) != std::string::npos,
             answer.head << answer.body);
  client.rest();  // returns when the server has closed
}

}  // namespace

BOOST_AUTO_TEST_SUITE(shutdown)

BOOST_DATA_TEST_CASE(a_waiting_request_is_answered_as_if_its_time_were_up, data::make(waiting),
                     one) {
  ending s;
  const auto clients = s.sent(one.bytes);
  s.routing().drain();
  s.serving().drain(for_ever);  // returns because there is no connection any more
  for (const auto& client : clients) expect(*client, one);
  BOOST_TEST(s.serving().connections() == 0u);
}

BOOST_DATA_TEST_CASE(a_half_sent_request_is_refused_and_was_not_done, data::make(half), one) {
  ending s;
  const auto clients = s.sent(one.bytes);
  s.serving().drain(0ms);
  for (const auto& client : clients) expect(*client, one);
}

BOOST_AUTO_TEST_CASE(a_connection_that_rests_between_two_requests_is_closed) {
  ending s;
  raw_client client(s.port());
  BOOST_TEST(client.send(head("GET /livez")).answer().status == 200u);
  s.serving().drain(for_ever);
  BOOST_TEST(client.closed());
}

BOOST_AUTO_TEST_CASE(a_call_that_waits_for_an_actor_is_told_that_nothing_was_done) {
  ending s;
  const auto clients = s.sent(posted("/v1/actors/stock/tea/look"));
  s.serving().drain(0ms);
  s.on().close();
  for (const auto& client : clients) {
    const auto answer = client->answer();
    BOOST_TEST(answer.status == 503u);
    BOOST_TEST(json_member(answer.body, "code") == "unavailable");
    BOOST_TEST(answer.field("Retry-After") == "1");
  }
  s.serving().stop(for_ever);
}

BOOST_AUTO_TEST_CASE(a_client_that_does_not_take_its_answer_holds_nobody_up) {
  auto opened = gateway::server::open({}, [](gateway::http_request, gateway::reply answer) {
    answer({200, "text/plain", std::string(64u << 20, 'x'), {}});
  });
  BOOST_TEST_REQUIRE(!!opened);
  raw_client slow((*opened)->port());
  BOOST_TEST(slow.send(head("GET /")).until("\r\n\r\n").starts_with("HTTP/1.1 200"));
  (*opened)->drain(0ms);
  (*opened)->stop(for_ever);
  BOOST_TEST((*opened)->connections() == 0u);
}

BOOST_AUTO_TEST_CASE(readiness_turns_red_before_anything_else_ends) {
  ending s;
  s.routing().turn_red();
  BOOST_TEST(s.ask("GET", "/readyz").status == 503u);
  BOOST_TEST(s.ask("GET", "/livez").status == 200u);
  BOOST_TEST(s.ask("POST", df("/orchestrators/echo"), "1").status == 202u);
  raw_client client(s.port());
  client.send(head("GET /v1/events"));
  BOOST_TEST(client.answer().status == 200u);
  s.ask("POST", df("/instances/open/terminate"));
  BOOST_TEST(client.until("\"id\":\"open\"").ends_with("\"open\""));
}

BOOST_AUTO_TEST_SUITE_END()
