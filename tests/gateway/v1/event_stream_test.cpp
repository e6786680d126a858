#include <memory>
#include <string>

#include <boost/test/unit_test.hpp>

#include "gateway/api/change_hub.hpp"
#include "gateway/json/json_in.hpp"
#include "gateway/v1/event_stream.hpp"
#include "tests/gateway/server/hasty_reply.hpp"
#include "tests/gateway/v1/five_instances.hpp"

namespace {

using namespace reprise;
using namespace reprise::gateway_test;
using gateway::change_hub;
using gateway::json_member;

std::string field_of(const std::string& event, const std::string& name) {
  const auto first = event.find(name + ": ");
  if (first == std::string::npos) return {};
  const auto value = first + name.size() + 2;
  return event.substr(value, event.find('\n', value) - value);
}

class listener {
 public:
  explicit listener(const served& s, const std::string& query = "", const std::string& known = "")
      : client_(s.port()) {
    client_.send("GET /v1/events" + query + " HTTP/1.1\r\nHost: localhost\r\n" +
                 (known.empty() ? "" : "Last-Event-ID: " + known + "\r\n") + "\r\n");
    head = client_.until("\r\n\r\n");
    begin = client_.until("\n\n");
  }
  std::string event() { return client_.until("\n\n"); }  // "" when the server has closed

  // Events until one says this of the instance; "" when the stream ended before.
  std::string until(const std::string& id, const std::string& state) {
    for (;;) {
      auto one = event();
      const auto data = field_of(one, "data");
      if (one.empty() || (json_member(data, "id") == id && json_member(data, "state") == state))
        return one;
    }
  }

  // The next event that says that an instance is gone: a change that came between a look and its
  // report is told twice. "" when the stream ended before.
  std::string gone() {
    for (;;) {
      auto one = event();
      if (one.empty() || field_of(one, "event") == "gone") return one;
    }
  }
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

}  // namespace

BOOST_AUTO_TEST_SUITE(all_events)

BOOST_AUTO_TEST_CASE(an_event_stream_whose_time_is_up_at_once_leaves_no_waiter) {
  served s;
  gateway::server_context server(s.on(), {});
  hasty_reply first, second;
  auto e = std::make_shared<gateway::request_context>(
      gateway::request_context{server, {}, {{"v1", "events"}, {}}, first.to()});
  gateway::stream_all(e);
  first.told().more(second.to());
  BOOST_TEST(second.told().body == ":\n\n");
  const std::weak_ptr<gateway::request_context> left = e;
  e.reset();
  BOOST_TEST(left.expired());
}

BOOST_AUTO_TEST_CASE(a_stream_tells_of_every_instance) {
  served s;
  listener stream(s);
  BOOST_TEST(stream.head.find("Content-Type: text/event-stream\r\n") != std::string::npos);
  BOOST_TEST(stream.begin == "retry: 2000\n\n");
  s.post_json("/v1/orchestrations/echo?id=one", "1");
  s.post_json("/v1/orchestrations/doomed?id=two", "\"no luck\"");
  const auto one = stream.until("one", "completed");
  BOOST_TEST(field_of(one, "event") == "instance");
  BOOST_TEST(json_member(field_of(one, "data"), "orchestration") == "echo");
  BOOST_TEST(field_of(stream.until("two", "failed"), "event") == "instance");
  s.ask("DELETE", "/v1/instances/one");
  const auto gone = stream.gone();
  BOOST_TEST(field_of(gone, "data") == R"({"id":"one"})");
}

BOOST_AUTO_TEST_CASE(a_stream_tells_of_the_instances_that_match_its_filter) {
  served s;
  listener stream(s, "?prefix=a&orchestration=echo&state=completed");
  s.post_json("/v1/orchestrations/echo?id=b", "1", "Prefer: wait=60\r\n");
  s.post_json("/v1/orchestrations/doomed?id=a-2", "\"no luck\"", "Prefer: wait=60\r\n");
  s.post_json("/v1/orchestrations/echo?id=a-1", "1", "Prefer: wait=60\r\n");
  const auto first = stream.event();
  BOOST_TEST(json_member(field_of(first, "data"), "id") == "a-1");
  BOOST_TEST(json_member(field_of(first, "data"), "state") == "completed");
}

BOOST_AUTO_TEST_CASE(a_client_that_comes_back_gets_the_events_it_missed) {
  served s;
  std::string known;
  {
    listener stream(s);
    s.post_json("/v1/orchestrations/echo?id=one", "1");
    known = field_of(stream.until("one", "completed"), "id");
  }
  s.post_json("/v1/orchestrations/echo?id=two", "2", "Prefer: wait=60\r\n");
  listener again(s, "", known);
  BOOST_TEST(again.begin == "retry: 2000\n\n");
  BOOST_TEST(!again.until("two", "completed").empty());
}

BOOST_AUTO_TEST_CASE(a_client_that_missed_too_much_gets_a_reset) {
  served s;
  for (const std::string known : {"nonsense", "0123456789abcdef-1", "0123456789abcdef-"}) {
    listener stream(s, "", known);
    const auto reset = stream.event();
    BOOST_TEST(field_of(reset, "event") == "reset");
    // What it names is where to go on.
    listener again(s, "", field_of(reset, "id"));
    s.post_json("/v1/orchestrations/echo?id=" + std::to_string(known.size()), "1");
    BOOST_TEST(!again.until(std::to_string(known.size()), "completed").empty());
  }
}

BOOST_AUTO_TEST_CASE(bad_filters_are_refused) {
  served s;
  BOOST_TEST(s.ask("GET", "/v1/events?state=dancing").status == 400u);
  BOOST_TEST(s.ask("GET", "/v1/events?limit=3").status == 400u);
}

BOOST_AUTO_TEST_CASE(a_server_that_stops_ends_the_stream) {
  auto s = std::make_unique<served>();
  listener stream(*s);
  s.reset();
  BOOST_TEST(stream.ends());
}

BOOST_AUTO_TEST_CASE(the_hub_keeps_what_is_recent) {
  served s;
  change_hub hub(s.on());
  const auto first = hub.next();
  for (int i = 0; i < 3; ++i)
    for (const std::string id : {"x", "y"})
      s.post_json("/v1/orchestrations/echo?id=" + id + std::to_string(i), "1",
                  "Prefer: wait=60\r\n");
  s.on().close();  // an end is answered a moment before the feed tells of it
  const auto all = hub.since(first, "", 100);
  BOOST_TEST(!all.missed);
  BOOST_TEST(all.changes.size() == 6u);
  BOOST_TEST(all.next == hub.next());
  const auto some = hub.since(first, "y", 2);
  BOOST_TEST(some.changes.size() == 2u);
  BOOST_TEST((some.changes[0].id == "y0" && some.changes[1].id == "y1"));
  BOOST_TEST(hub.since(some.next, "y", 2).changes.at(0).id == "y2");
  BOOST_TEST(hub.since(0, "", 100).missed);
  int called = 0;
  hub.forget(hub.when_more(hub.next(), [&] { called += 10; }));
  hub.when_more(first, [&] { ++called; });
  BOOST_TEST(called == 1);
  hub.close();
  hub.when_more(first, [&] { ++called; });
  BOOST_TEST(called == 1);
}

BOOST_AUTO_TEST_SUITE_END()
