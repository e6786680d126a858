// Traces from the request to the collector.

#include <algorithm>
#include <condition_variable>
#include <csignal>
#include <fstream>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include <simdjson.h>
#include <boost/test/unit_test.hpp>

#include "gateway/json/json_in.hpp"
#include "gateway/observe/otlp_exporter.hpp"
#include "gateway/observe/otlp_json.hpp"
#include "gateway/server/server.hpp"
#include "tests/gateway/application.hpp"
#include "tests/gateway/cli/command_line.hpp"
#include "tests/gateway/scratch_folder.hpp"
#include "tests/gateway/served.hpp"

namespace {

using namespace reprise;
using namespace reprise::gateway;
using namespace reprise::gateway_test;
using namespace std::chrono_literals;

const std::string trace = "0af7651916cd43dd8448eb211c80319c", caller = "b7ad6b7169203331";
const std::string tracestate = "tracestate: rojo=1\r\ntracestate: congo=2\r\n";
const std::string traceparent = "traceparent: 00-" + trace + "-" + caller + "-01\r\n";

// What the collector understood of one span.
struct seen_span {
  std::string name, trace, id, parent, state;
  std::int64_t kind = 0;
  std::map<std::string, std::string> tags;
};

std::string text(simdjson::dom::element from, std::string_view name) {
  std::string_view found;
  return from[name].get(found) == simdjson::SUCCESS ? std::string(found) : "";
}

std::vector<seen_span> spans_in(const std::string& body, const std::string& service) {
  simdjson::dom::parser parser;
  const auto all = parser.parse(body);
  std::vector<seen_span> spans;
  for (const auto resource : all["resourceSpans"]) {
    BOOST_TEST(std::string_view(resource.at_pointer("/resource/attributes/0/key")) ==
               "service.name");
    BOOST_TEST(std::string_view(resource.at_pointer("/resource/attributes/0/value/stringValue")) ==
               service);
    for (const auto scope : resource["scopeSpans"])
      for (const auto one : scope["spans"]) {
        seen_span s{text(one, "name"),
                    text(one, "traceId"),
                    text(one, "spanId"),
                    text(one, "parentSpanId"),
                    text(one, "traceState"),
                    one["kind"].get_int64().value(),
                    {}};
        for (const auto tag : one["attributes"])
          s.tags[text(tag, "key")] =
              text(tag["value"], "stringValue") + text(tag["value"], "intValue");
        spans.push_back(std::move(s));
      }
  }
  return spans;
}

// A collector: takes POST /v1/traces and answers what it is told to.
class collector {
 public:
  explicit collector(unsigned status = 200) : status_(status) {
    auto opened = server::open({}, [this](http_request in, const reply& answer) {
      const std::lock_guard hold(mutex_);
      if (in.method == "POST" && in.target == "/v1/traces" && in.content_type == "application/json")
        bodies_.push_back(std::move(in.body));
      if (status_ == 0)
        kept_.push_back(answer);  // never answered
      else
        answer({status_, "application/json", "{}", {}});
      changed_.notify_all();
    });
    server_ = std::move(*opened);
  }
  ~collector() { server_.reset(); }

  std::string url() const { return server_->url(); }
  void answers(unsigned status) {
    const std::lock_guard hold(mutex_);
    status_ = status;
  }
  // When there are so many requests, all of their bodies.
  std::vector<std::string> bodies(std::size_t at_least) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return bodies_.size() >= at_least; });
    return bodies_;
  }
  std::vector<seen_span> spans(std::size_t at_least, const std::string& service) {
    for (std::size_t requests = 1;; ++requests) {
      std::vector<seen_span> all;
      for (const auto& body : bodies(requests))
        for (auto& one : spans_in(body, service)) all.push_back(std::move(one));
      if (all.size() >= at_least) return all;
    }
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  unsigned status_;
  std::vector<std::string> bodies_;
  std::vector<reply> kept_;
  std::unique_ptr<server> server_;
};

// Without a limit of time that a slow machine could reach.
otlp_options quick(const std::string& url) {
  otlp_options o;
  o.endpoint = url;
  o.pause = 1ms;
  o.back_off = 1ms;
  o.patience = 1h;
  o.last_words = 1h;
  return o;
}

span some_span(std::uint64_t id) {
  span s;
  s.name = "activity:say \"hello\"";
  s.kind = span_kind::server;
  s.at = {0x0af7651916cd43dd, 0x8448eb211c80319c, id, true, nullptr};
  s.parent = 0xb7ad6b7169203331;
  s.began = time_point(1'800'000'000'123'456'789ns);
  s.ended = s.began + 5ms;
  s.tags = {{"durabletask.type", "activity"}, {"durabletask.task.task_id", std::int64_t{3}}};
  return s;
}

// NAME < PARENT, sorted.
strings tree_of(const std::vector<seen_span>& spans) {
  std::map<std::string, std::string> names{{caller, "caller"}, {"", "nobody"}};
  for (const auto& s : spans) names[s.id] = s.name;
  strings tree;
  for (const auto& s : spans) tree.push_back(s.name + " < " + names[s.parent]);
  std::sort(tree.begin(), tree.end());
  return tree;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(traces)

BOOST_AUTO_TEST_CASE(spans_are_written_as_otlp_wants_them) {
  auto failed = some_span(2);
  failed.parent = 0;
  failed.error = "no voice";
  failed.at.state = std::make_shared<const std::string>("rojo=1");
  const span both[] = {some_span(1), failed};
  const std::string head =
      R"({"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},)"
      R"("scopeSpans":[{"scope":{"name":"reprise"},"spans":[)";
  const std::string ids =
      R"({"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"000000000000000)";
  const std::string rest =
      R"("name":"activity:say \"hello\"","kind":2,"startTimeUnixNano":"1800000000123456789",)"
      R"("endTimeUnixNano":"1800000000128456789","attributes":[)"
      R"({"key":"durabletask.type","value":{"stringValue":"activity"}},)"
      R"({"key":"durabletask.task.task_id","value":{"intValue":"3"}}],"status":{)";
  BOOST_TEST(otlp_json(both, "shop") == head + ids + R"(1","parentSpanId":"b7ad6b7169203331",)" +
                                            rest + "}}," + ids + R"(2","traceState":"rojo=1",)" +
                                            rest + R"("code":2,"message":"no voice"}}]}]}]})");
}

BOOST_AUTO_TEST_CASE(an_endpoint_is_a_url) {
  for (const auto* wrong : {"localhost:4318", "ftp://localhost", "http://", "", "http://a b"})
    BOOST_TEST(!otlp_exporter::open(quick(wrong)), wrong);
}

BOOST_AUTO_TEST_CASE(every_span_is_sent_including_the_last_batch_at_the_end) {
  collector c;
  auto options = quick(c.url());
  options.batch = 10;
  options.pause = 1h;  // a batch goes when it is full
  auto exporter = *otlp_exporter::open(options);
  for (std::uint64_t id = 1; id <= 25; ++id) exporter->append(some_span(id));
  c.bodies(2);
  exporter.reset();
  const auto spans = c.spans(25, "reprise");
  BOOST_TEST(spans.size() == 25u);
  BOOST_TEST(c.bodies(3).size() == 3u);
  BOOST_TEST(spans.back().id == "0000000000000019");
}

BOOST_AUTO_TEST_CASE(spans_that_the_collector_refuses_are_retried_or_dropped_and_counted) {
  collector c(503);
  auto options = quick(c.url());
  std::mutex mutex;
  strings said;
  options.log = [&](const log_line& line) {
    const std::lock_guard hold(mutex);
    said.emplace_back(line.text);
  };
  const auto exporter = *otlp_exporter::open(options);
  exporter->append(some_span(1));
  until([&] { return exporter->dropped() > 0; });
  BOOST_TEST(c.bodies(4).size() == 4u);  // attempts
  c.answers(400);                        // no further attempt would cure it
  exporter->append(some_span(2));
  until([&] { return exporter->dropped() > 1; });
  BOOST_TEST(c.bodies(5).size() == 5u);
  c.answers(200);
  exporter->append(some_span(3));
  until([&] { return exporter->exported() > 0; });
  BOOST_TEST(exporter->dropped() == 2u);
  const std::lock_guard hold(mutex);
  BOOST_TEST_REQUIRE(said.size() == 2u);  // when it began and when it ended, not each time
  BOOST_TEST(contains(said[0], "it answers 503"));
  BOOST_TEST(contains(said[1], "again"));
}

// A collector that takes a request and never answers: nobody waits for it, not even the end.
BOOST_AUTO_TEST_CASE(a_collector_that_hangs_holds_up_nobody) {
  collector c(0);
  auto options = quick(c.url());
  options.waiting = 100;
  options.batch = 10;
  options.pause = 1h;  // the first batch is full
  options.last_words = 50ms;
  auto exporter = *otlp_exporter::open(options);
  for (std::uint64_t id = 1; id <= 10; ++id) exporter->append(some_span(id));
  c.bodies(1);
  for (std::uint64_t id = 11; id <= 1'000; ++id) exporter->append(some_span(id));
  BOOST_TEST(exporter->dropped() == 890u);
  BOOST_TEST(exporter->exported() == 0u);
  exporter.reset();  // returns, although the collector could be waited for much longer
}

BOOST_AUTO_TEST_CASE(a_server_sends_the_spans_of_each_request_to_its_collector) {
  collector c;
  serving s({"--ephemeral", "--otlp-endpoint", c.url(), "--service-name", "shop"});
  const auto started =
      ask(s.port(), "POST", df("/orchestrators/tour/t-1"), R"("hey")", traceparent + tracestate);
  BOOST_TEST(started.status == 202u);
  const auto raised = ask(s.port(), "POST", df("/instances/t-1/raiseEvent/decision"), R"({"x":1})",
                          "Content-Type: application/json\r\n" + traceparent + "tracestate: X\r\n");
  BOOST_TEST(raised.status == 202u);
  const auto spans = c.spans(6, "shop");
  const strings expected{"activity:shout < orchestration:tour",
                         "create_orchestration:tour < caller",
                         "entity:stock:take < orchestration:tour",
                         "orchestration:tour < create_orchestration:tour",
                         "orchestration:tour:timer < orchestration:tour",
                         "orchestration_event:decision < caller"};
  BOOST_TEST(tree_of(spans) == expected, boost::test_tools::per_element());
  for (const auto& one : spans) {
    BOOST_TEST(one.trace == trace);
    // What breaks the format is dropped, and the trace goes on.
    const bool raising = one.name == "orchestration_event:decision";
    BOOST_TEST(one.state == (raising ? "" : "rojo=1,congo=2"), one.name);
  }
  std::string page;
  until([&] {  // they count when the collector has answered
    page = ask(s.port(), "GET", "/metrics").body;
    return contains(page, "reprise_spans_exported_total 6");
  });
  BOOST_TEST(contains(page, "reprise_spans_dropped_total 0"));
  s.child.signal(SIGTERM);
  BOOST_TEST(s.child.end() == 0);
}

// Killed while it waits: the next process goes on in the trace, and tells nothing a second time.
BOOST_AUTO_TEST_CASE(a_trace_goes_on_in_the_next_process) {
  const scratch_folder f;
  collector before, after;
  {
    serving s({"--data", f.at("d"), "--otlp-endpoint", before.url()});
    BOOST_TEST(ask(s.port(), "POST", df("/orchestrators/approve/a"), "", traceparent).status ==
               202u);
    BOOST_TEST(before.spans(1, "reprise").size() == 1u);
    s.child.signal(SIGKILL);
    s.child.end();
  }
  serving s({"--data", f.at("d"), "--otlp-endpoint", after.url()});
  BOOST_TEST(ask(s.port(), "POST", df("/instances/a/raiseEvent/decision"), R"({"x":1})",
                 "Content-Type: application/json\r\n" + traceparent)
                 .status == 202u);
  auto spans = after.spans(2, "reprise");
  const auto first = before.spans(1, "reprise");
  spans.insert(spans.end(), first.begin(), first.end());
  const strings expected{"create_orchestration:approve < caller",
                         "orchestration:approve < create_orchestration:approve",
                         "orchestration_event:decision < caller"};
  BOOST_TEST(tree_of(spans) == expected, boost::test_tools::per_element());
  for (const auto& one : spans) BOOST_TEST(one.trace == trace);
}

BOOST_AUTO_TEST_CASE(a_service_goes_on_without_a_collector) {
  serving s({"--ephemeral", "--otlp-endpoint", "http://127.0.0.1:1"});
  for (int i = 0; i < 3; ++i)
    BOOST_TEST(ask(s.port(), "POST", df("/orchestrators/echo?timeout=60"), "1", "").status == 200u);
  until([&] {
    return contains(ask(s.port(), "GET", "/metrics").body, "reprise_spans_dropped_total 6");
  });
  s.child.signal(SIGTERM);
  BOOST_TEST(s.child.end() == 0);
}

BOOST_AUTO_TEST_CASE(a_wrong_endpoint_is_named) {
  const auto ended = run({"serve", "--ephemeral", "--otlp-endpoint", "localhost:4318"});
  BOOST_TEST(ended.code == 2);
  BOOST_TEST(contains(ended.err, "localhost:4318"));
}

BOOST_AUTO_TEST_CASE(problems_and_logs_name_the_trace) {
  const scratch_folder f;
  route_options options;
  options.logs.access = *line_log::open(f.at("access"));
  std::string body;
  {
    served s(options);
    body = s.ask("GET", "/v1/instances/nobody?x=1", "", traceparent).body;
    BOOST_TEST(json_member(body, "traceId") == trace);
    BOOST_TEST(json_member(body, "instance") == "/v1/instances/nobody");
    // None, and none that is well-formed.
    for (const auto* none : {"", "traceparent: 00-1-1-01\r\n"}) {
      body = s.ask("GET", "/v1/instances/nobody", "", none).body;
      BOOST_TEST(json_member(body, "traceId") == "");
    }
    const auto twice = s.ask("GET", "/v1/instances/nobody", "", traceparent + traceparent).body;
    BOOST_TEST(json_member(twice, "traceId") == "");
    BOOST_TEST(s.ask("GET", "/v1/version", "", traceparent).status == 200u);
  }
  options = {};
  std::ifstream log(f.at("access"));
  strings lines;
  for (std::string line; std::getline(log, line);) lines.push_back(line);
  BOOST_TEST_REQUIRE(lines.size() == 5u);
  BOOST_TEST(json_member(lines[0], "trace") == trace);
  BOOST_TEST(json_member(lines[1], "trace") == "");
  BOOST_TEST(json_member(lines[4], "trace") == trace);
}

// Where traces are collected, a request without one begins one.
BOOST_AUTO_TEST_CASE(a_trace_is_begun_where_there_is_none) {
  collector c;
  route_options options;
  options.spans = *otlp_exporter::open(quick(c.url()));
  served s(options);
  const auto id = [&] { return json_member(s.ask("GET", "/v1/instances/nobody").body, "traceId"); };
  BOOST_TEST(id().size() == 32u);
  BOOST_TEST(id() != id());
}

BOOST_AUTO_TEST_SUITE_END()
