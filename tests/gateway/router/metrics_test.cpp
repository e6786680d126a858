#include <future>
#include <string>

#include <boost/test/unit_test.hpp>

#include "gateway/observe/request_metrics.hpp"
#include "gateway/server/per_ip_limit.hpp"
#include "tests/gateway/application.hpp"
#include "tests/gateway/scratch_folder.hpp"
#include "tests/gateway/served.hpp"

namespace {

using namespace reprise;
using namespace reprise::gateway;
using namespace reprise::gateway_test;
using namespace std::chrono_literals;

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// The number behind a name with its labels; -1 when there is no such line.
double value_of(const std::string& page, const std::string& name) {
  const auto at = page.find("\n" + name + " ");
  return at == std::string::npos ? -1 : std::stod(page.substr(at + name.size() + 2));
}

const std::string calls = R"({route="actor.call",type="stock",operation="put")";

}  // namespace

BOOST_AUTO_TEST_SUITE(metrics)

BOOST_AUTO_TEST_CASE(requests_count_by_route_type_operation_and_status) {
  served s;
  for (int i = 0; i < 3; ++i) s.post_json("/v1/actors/stock/tea/put", R"({"quantity":1})");
  s.post_json("/v1/actors/stock/tea/put", "nonsense");
  s.post_json("/v1/actors/stock/tea/of-a-stranger", "{}");
  s.post_json(df("/orchestrators/echo?timeout=60"), "1");
  const auto answer = s.ask("GET", "/metrics");
  BOOST_TEST(answer.status == 200u);
  BOOST_TEST(answer.field("Content-Type") == "text/plain; version=0.0.4; charset=utf-8");
  const auto& page = answer.body;
  const std::string requests = "reprise_http_requests_total", took = "reprise_http_request_seconds";
  BOOST_TEST(value_of(page, requests + calls + R"(,status="2xx"})") == 3);
  BOOST_TEST(value_of(page, requests + calls + R"(,status="4xx"})") == 1);
  BOOST_TEST(value_of(page, took + "_count" + calls + "}") == 4);
  BOOST_TEST(value_of(page, took + "_bucket" + calls + R"(,le="+Inf"})") == 4);
  BOOST_TEST(value_of(page, took + "_bucket" + calls + R"(,le="60"})") == 4);
  BOOST_TEST(value_of(page, requests + R"({route="instance.start",type="echo",status="2xx"})") ==
             1);
  // What is not bound has no row of its own.
  BOOST_TEST(value_of(page, requests + R"({route="actor.call",status="4xx"})") == 1);
  BOOST_TEST(!contains(page, "of-a-stranger"));
  BOOST_TEST(value_of(page, "reprise_http_requests_in_flight") == 1);  // this one
}

BOOST_AUTO_TEST_CASE(the_node_tells_what_it_wrote_and_holds) {
  served s;
  s.post_json("/v1/actors/stock/tea/put", R"({"quantity":1})");
  const auto page = s.ask("GET", "/metrics").body;
  BOOST_TEST(value_of(page, "reprise_log_groups_total") >= 1);
  BOOST_TEST(value_of(page, "reprise_log_transitions_total") >= 1);
  BOOST_TEST(value_of(page, "reprise_log_written_bytes_total") > 0);
  BOOST_TEST(value_of(page, "reprise_log_commit_seconds_count") >= 1);
  BOOST_TEST(value_of(page, "reprise_log_commit_seconds_sum") > 0);
  BOOST_TEST(value_of(page, "reprise_horizon_lag") >= 0);
  BOOST_TEST(value_of(page, "reprise_resident") >= 1);
  BOOST_TEST(value_of(page, "reprise_timers_resident") == 0);
  BOOST_TEST(value_of(page, R"(reprise_swept_total{sweep="idempotency_keys"})") == 0);
  BOOST_TEST(value_of(page, R"(reprise_sweep_overdue_seconds{sweep="idempotency_keys"})") == 0);
  BOOST_TEST(value_of(page, "reprise_ready") == 1);
  BOOST_TEST(value_of(page, "reprise_dead_letters") == 0);
  BOOST_TEST(value_of(page, R"(reprise_pool_threads{pool="io"})") == 16);
  BOOST_TEST(value_of(page, R"(reprise_device_memory_bytes{device="host",kind="host"})") > 0);
  BOOST_TEST(!contains(page, "reprise_store_bytes"));  // it is in memory
}

BOOST_AUTO_TEST_CASE(the_files_of_the_store_have_a_size) {
  scratch_folder folder;
  std::filesystem::create_directory(folder.at("tables"));
  folder.write("lock", "1");
  folder.write("tables/data.mdb", "1234");
  route_options options;
  options.data = folder.at("");
  served s(options);
  BOOST_TEST(value_of(s.ask("GET", "/metrics").body, "reprise_store_bytes") == 5);
}

BOOST_AUTO_TEST_CASE(refused_requests_are_counted_by_reason) {
  served s;
  const auto count = [&](const std::string& reason) {
    return value_of(s.ask("GET", "/metrics").body,
                    "reprise_http_refused_total{reason=\"" + reason + "\"}");
  };
  BOOST_TEST(count("host") == 0);
  s.ask("GET", "/v1/pools", "", "Host: strange\r\n");
  s.ask("POST", "/v1/pools", "", "Origin: http://strange\r\n");
  raw_client(s.port()).send("GET /\r\n\r\n").rest();
  raw_client(s.port()).send("GET /" + std::string(5000, 'a') + " HTTP/1.1\r\n\r\n").rest();
  BOOST_TEST(count("host") == 1);
  BOOST_TEST(count("origin") == 1);
  BOOST_TEST(count("malformed") == 1);
  BOOST_TEST(count("url_too_long") == 1);
  BOOST_TEST(count("other") == 0);
}

BOOST_AUTO_TEST_CASE(metrics_are_shown_only_to_a_key_that_may_read_everything) {
  const auto reads = *make_key("reads", {"read"}), part = *make_key("part", {"read:stock"});
  route_options options;
  options.authorizer = authorizer_for(reads.line + "\n" + part.line);
  served s(options);
  const auto ask = [&](const std::string& secret) {
    return s.ask("GET", "/metrics", "", "Authorization: Bearer " + secret + "\r\n");
  };
  BOOST_TEST(s.ask("GET", "/metrics").status == 401u);
  BOOST_TEST(ask(part.secret).status == 403u);
  const auto page = ask(reads.secret).body;
  BOOST_TEST(value_of(page, R"(reprise_http_refused_total{reason="unauthorized"})") == 1);
  BOOST_TEST(value_of(page, R"(reprise_http_refused_total{reason="scope"})") == 1);
}

BOOST_AUTO_TEST_CASE(the_metrics_route_refuses_a_post) {
  served s;
  const auto refused = s.ask("POST", "/metrics");
  BOOST_TEST(refused.status == 405u);
  BOOST_TEST(refused.field("Allow") == "GET, HEAD, OPTIONS");
}

BOOST_AUTO_TEST_CASE(requests_beyond_those_in_flight_are_told_to_come_back) {
  route_options options;
  options.limits.in_flight = 1;
  served s(options);
  raw_client waits(s.port());
  waits.send("POST " + df("/orchestrators/approve/w?timeout=60") +
             " HTTP/1.1\r\nHost: localhost\r\n\r\n");
  // Metrics are always answered: this is how one sees it.
  const auto in_flight = [&] {
    return value_of(s.ask("GET", "/metrics").body, "reprise_http_requests_in_flight");
  };
  until([&] { return in_flight() == 2; });
  const auto refused = s.ask("GET", "/v1/pools");
  BOOST_TEST(refused.status == 503u);
  BOOST_TEST(refused.field("Retry-After") == "1");
  BOOST_TEST(s.ask("GET", "/livez").status == 200u);
  until([&] {  // the start may be on its way
    std::promise<bool> ended;
    s.on().instances().terminate("w", {""}, {}, [&](result<> r) { ended.set_value(!!r); });
    return ended.get_future().get();
  });
  BOOST_TEST(waits.answer().status == 200u);
  BOOST_TEST(s.ask("GET", "/v1/pools").status == 200u);
}

BOOST_AUTO_TEST_CASE(a_row_of_a_histogram_counts_each_duration_in_its_bucket) {
  request_row row;
  row.add(200, 0ns);
  row.add(200, 250us);
  row.add(404, 251us);
  row.add(503, 2h);
  BOOST_TEST(row.in_bucket(0) == 2u);
  BOOST_TEST(row.in_bucket(1) == 1u);
  BOOST_TEST(row.in_bucket(row.bounds.size()) == 1u);
  BOOST_TEST(row.of_class(2) == 2u);
  BOOST_TEST(row.of_class(5) == 1u);
}

BOOST_AUTO_TEST_CASE(each_address_has_its_own_limit) {
  per_ip_limit limit(2);
  BOOST_TEST(limit.enter("10.0.0.1"));
  BOOST_TEST(limit.enter("10.0.0.1"));
  BOOST_TEST(!limit.enter("10.0.0.1"));
  BOOST_TEST(limit.enter("10.0.0.2"));
  limit.leave("10.0.0.1");
  BOOST_TEST(limit.enter("10.0.0.1"));
  limit.leave("10.0.0.2");
  limit.leave("10.0.0.1");
  limit.leave("10.0.0.1");
  BOOST_TEST(limit.addresses() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
