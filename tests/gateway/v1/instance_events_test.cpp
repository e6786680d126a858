#include <chrono>
#include <memory>
#include <string>

#include <boost/test/unit_test.hpp>

#include "gateway/json/json_in.hpp"
#include "gateway/v1/instance_events.hpp"
#include "tests/gateway/server/hasty_reply.hpp"
#include "tests/gateway/v1/five_instances.hpp"

namespace {

using namespace reprise;
using namespace reprise::gateway_test;
using gateway::json_member;
using gateway::json_text;

// One stream, read event by event.
class listener {
 public:
  listener(const served& s, const std::string& id, const std::string& fields = "")
      : client_(s.port()) {
    client_.send("GET /v1/instances/" + id +
                 "/events HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + fields + "\r\n");
    head = client_.until("\r\n\r\n");
    begin = client_.until("\n\n");
  }

  // The lines of the next event; "" when the server has closed.
  std::string event() { return client_.until("\n\n"); }

  // Whether nothing but comments comes before the server closes it.
  bool ends() {
    auto last = event();
    while (last.starts_with(':')) last = event();
    return last.empty();
  }

  std::string head, begin;

 private:
  raw_client client_;
};

std::string line(const std::string& event, const std::string& name) {
  const auto first = event.find(name + ": ");
  if (first == std::string::npos) return {};
  const auto value = first + name.size() + 2;
  return event.substr(value, event.find('\n', value) - value);
}

// A stream of b-1 without a connection, and its first piece.
struct bare_stream {
  five_instances s;
  gateway::server_context server{s.on(), {}};
  hasty_reply first;
  std::shared_ptr<gateway::request_context> e = std::make_shared<gateway::request_context>(
      gateway::request_context{server, {}, {{"v1", "instances", "b-1"}, {}}, first.to()});
  gateway::http_response told;

  bare_stream() {
    gateway::stream_instance(e);
    told = first.told();
  }
  // What it says next when a look is to show this one.
  gateway::http_response next(const std::string& id) {
    e->where.segments[2] = id;
    hasty_reply second;
    told.more(second.to());
    return second.told();
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(instance_events)

BOOST_AUTO_TEST_CASE(a_gone_event_is_sent_only_for_an_instance_that_is_not_there) {
  const auto gone = bare_stream().next("nobody");
  BOOST_TEST(gone.body == "event: gone\ndata: null\n\n");
  BOOST_TEST(!gone.more);
  const auto unknown = bare_stream().next("@");  // the node does not look for such an id
  BOOST_TEST(
      unknown.body.starts_with(": "));  // a comment: the client comes back with what it knows
  BOOST_TEST(!unknown.more);
}

BOOST_AUTO_TEST_CASE(an_event_stream_whose_time_is_up_at_once_leaves_no_waiter) {
  bare_stream stream;
  stream.next("b-1");
  const std::weak_ptr<gateway::request_context> left = stream.e;
  stream.told = {};
  stream.e.reset();
  stream.s.on().close();  // nothing of it is under way any more
  BOOST_TEST(left.expired());
}

BOOST_AUTO_TEST_CASE(a_stream_tells_what_becomes_of_an_instance_to_its_end) {
  five_instances s;
  listener stream(s, "b-1");
  BOOST_TEST(stream.head.starts_with("HTTP/1.1 200 "));
  BOOST_TEST(stream.head.find("Content-Type: text/event-stream\r\n") != std::string::npos);
  BOOST_TEST(stream.head.find("Content-Length") == std::string::npos);
  BOOST_TEST(stream.head.find("Connection: close\r\n") != std::string::npos);
  BOOST_TEST(stream.begin == "retry: 2000\n\n");
  const auto running = stream.event();
  BOOST_TEST(line(running, "event") == "instance");
  BOOST_TEST(line(running, "id").size() == 32u);
  BOOST_TEST(json_member(line(running, "data"), "state") == "running");
  BOOST_TEST(json_member(line(running, "data"), "custom_status") == "waiting");
  BOOST_TEST(json_text(line(running, "data"), "input") == "");
  s.ask("POST", "/v1/instances/b-1/suspend");
  BOOST_TEST(json_member(line(stream.event(), "data"), "state") == "suspended");
  s.ask("POST", "/v1/instances/b-1/terminate");
  BOOST_TEST(json_member(line(stream.event(), "data"), "state") == "terminated");
  BOOST_TEST(stream.event() == "");
}

BOOST_AUTO_TEST_CASE(a_client_that_comes_back_gets_only_new_events) {
  five_instances s;
  const auto known = line(listener(s, "b-1").event(), "id");
  listener again(s, "b-1", "Last-Event-ID: " + known + "\r\n");
  s.ask("POST", "/v1/instances/b-1/terminate");
  const auto next = again.event();
  BOOST_TEST(json_member(line(next, "data"), "state") == "terminated");
  const auto last = line(next, "id");
  BOOST_TEST(last != known);
  const auto none = s.ask("GET", "/v1/instances/b-1/events", "", "Last-Event-ID: " + last + "\r\n");
  BOOST_TEST(none.status == 204u);
}

BOOST_AUTO_TEST_CASE(a_state_that_comes_back_is_told_again) {
  five_instances s;
  const auto known = line(listener(s, "b-1").event(), "id");
  s.ask("POST", "/v1/instances/b-1/suspend");
  s.ask("POST", "/v1/instances/b-1/resume");
  const auto next = listener(s, "b-1", "Last-Event-ID: " + known + "\r\n").event();
  BOOST_TEST(json_member(line(next, "data"), "state") == "running");
  BOOST_TEST(line(next, "id") > known);  // it counts up
}

// The stream has nothing to tell and waits; a comment would come after 15 seconds.
BOOST_AUTO_TEST_CASE(a_change_is_told_when_it_happens) {
  five_instances s;
  listener stream(s, "b-1");
  BOOST_TEST(json_member(line(stream.event(), "data"), "state") == "running");
  BOOST_TEST(s.ask("GET", "/v1/instances/b-1", "", "Prefer: wait=1\r\n").status == 200u);
  const auto began = std::chrono::steady_clock::now();
  s.ask("POST", "/v1/instances/b-1/terminate");
  BOOST_TEST(json_member(line(stream.event(), "data"), "state") == "terminated");
  BOOST_TEST((std::chrono::steady_clock::now() - began < std::chrono::seconds(5)));
}

BOOST_AUTO_TEST_CASE(an_ended_instance_is_told_once) {
  five_instances s;
  listener stream(s, "a-1");
  const auto data = line(stream.event(), "data");
  BOOST_TEST(json_member(data, "state") == "completed");
  BOOST_TEST(data.find(R"("output":{"n": 1})") != std::string::npos);
  BOOST_TEST(stream.event() == "");
}

BOOST_AUTO_TEST_CASE(line_ends_in_a_value_do_not_end_the_event) {
  served s;
  s.post_json("/v1/orchestrations/echo?id=e", "{\r\n\"n\":\n1}", "Prefer: wait=60\r\n");
  const auto event = listener(s, "e").event();
  BOOST_TEST(event.find("\"output\":{  \"n\": 1}") != std::string::npos, event);
}

BOOST_AUTO_TEST_CASE(an_unknown_instance_has_no_stream) {
  served s;
  BOOST_TEST(s.ask("GET", "/v1/instances/nobody/events").status == 404u);
  BOOST_TEST(s.ask("GET", "/v1/instances/@a/events").status == 400u);
}

BOOST_AUTO_TEST_CASE(a_stream_ends_when_its_instance_is_gone) {
  five_instances s;
  s.ask("POST", "/v1/instances/b-1/terminate");
  s.post_json("/v1/instances/b-1/restart", R"({"id":"c"})");
  s.begun("c");
  listener stream(s, "c");
  BOOST_TEST(json_member(line(stream.event(), "data"), "state") == "running");
  s.ask("POST", "/v1/instances/c/terminate");
  s.ask("DELETE", "/v1/instances/c");
  // Whether the end was seen in between is a matter of time.
  const auto next = stream.event();
  const auto after = stream.event();
  BOOST_TEST(((line(next, "event") == "gone" && after.empty()) ||
              (json_member(line(next, "data"), "state") == "terminated" && after.empty())),
             next << after);
}

BOOST_AUTO_TEST_CASE(a_server_that_stops_ends_its_streams) {
  auto s = std::make_unique<five_instances>();
  listener stream(*s, "b-1");
  BOOST_TEST(!stream.event().empty());
  s.reset();
  BOOST_TEST(stream.ends());
}

BOOST_AUTO_TEST_SUITE_END()
