#include <cstdio>
#include <future>
#include <regex>
#include <string>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "gateway/json/json_in.hpp"
#include "gateway/json/time_text.hpp"
#include "tests/gateway/v1/five_instances.hpp"

namespace {

using namespace reprise;
using namespace reprise::gateway_test;
using gateway::json_member;
namespace data = boost::unit_test::data;
using strings = std::vector<std::string>;

std::string ids_of(const std::string& body) { return words_of(body, "instanceId"); }

const std::string everybody = "a-1 a-2 a-3 b-1 b-2";

struct row {
  std::string query, ids;
};
std::ostream& operator<<(std::ostream& out, const row& r) { return out << r.query; }

const row lists[] = {
    {"", everybody},
    {"?taskHub=h&connection=c&code=k", everybody},
    {"?runtimeStatus=Completed", "a-1 a-2"},
    {"?runtimeStatus=Completed,Failed", "a-1 a-2 a-3"},
    {"?runtimeStatus=Completed&runtimeStatus=failed", "a-1 a-2 a-3"},
    {"?RUNTIMESTATUS=Running", "b-1"},
    {"?runtimeStatus=Suspended", "b-2"},
    {"?runtimeStatus=0,%207", "b-1 b-2"},
    {"?runtimeStatus=Canceled", ""},
    {"?runtimeStatus=Terminated,Pending,ContinuedAsNew", ""},
    {"?runtimeStatus=42", ""},
    {"?runtimeStatus=Dancing", everybody},
    {"?runtimeStatus=Dancing,Failed", "a-3"},
    {"?runtimeStatus=", everybody},
    {"?instanceIdPrefix=a-", "a-1 a-2 a-3"},
    {"?instanceIdPrefix=b-2", "b-2"},
    {"?instanceIdPrefix=@", ""},
    {"?instanceIdPrefix=c", ""},
    {"?createdTimeFrom=2000-01-01", everybody},
    {"?createdTimeFrom=2200-01-01T00:00:00Z", ""},
    {"?createdTimeTo=2000-01-01", ""},
    {"?createdTimeTo=2200-01-01&createdTimeFrom=0001-01-01T00:00:00Z", everybody},
    {"?createdTimeTo=soon&createdTimeFrom=later", everybody},
    {"?top=5", everybody},
    {"?top=0", everybody},
    {"?top=many", everybody},
    {"?top=1.5", everybody},
    {"?top=1000000000000", everybody},
};

struct refusal {
  std::string method, query, fields;
  unsigned status;
  std::string body;
};
std::ostream& operator<<(std::ostream& out, const refusal& r) { return out << r.method << r.query; }

const refusal refusals[] = {
    {"GET", "", "x-ms-continuation-token: nonsense\r\n", 400,
     R"({"Message":"x-ms-continuation-token is not a token of this list"})"},
    // Of this list, but no id: "i@a".
    {"GET", "", "x-ms-continuation-token: aUBh\r\n", 400,
     R"({"Message":"x-ms-continuation-token is not a token of this list"})"},
    {"POST", "", "", 404, ""},
    {"DELETE", "", "", 400, R"("Please provide value for 'createdTimeFrom' parameter.")"},
    {"DELETE", "?createdTimeFrom=long+ago", "", 400,
     R"("Please provide value for 'createdTimeFrom' parameter.")"},
    {"DELETE", "?createdTimeFrom=2000-01-01&createdTimeTo=now", "", 400,
     R"("createdTimeTo is no time: now")"},
    {"DELETE", "?createdTimeFrom=2000-01-01&runtimeStatus=Complete", "", 400,
     R"("runtimeStatus is none that exists: Complete")"},
    {"DELETE", "?createdTimeFrom=2000-01-01&runtimeStatus=Running", "", 404, ""},
    {"DELETE", "?createdTimeFrom=2000-01-01&runtimeStatus=Canceled", "", 404, ""},
    {"DELETE", "?createdTimeFrom=2200-01-01", "", 404, ""},
    {"DELETE", "?createdTimeFrom=2000-01-01&createdTimeTo=2001-01-01", "", 404, ""},
};

struct purge_row {
  std::string query;
  unsigned count;
  std::string left;
};
std::ostream& operator<<(std::ostream& out, const purge_row& r) { return out << r.query; }

const purge_row purges[] = {
    {"?createdTimeFrom=2000-01-01T00:00:00Z", 3, "b-1 b-2"},
    {"?createdTimeFrom=2000-01-01&runtimeStatus=Failed", 1, "a-1 a-2 b-1 b-2"},
    {"?createdTimeFrom=2000-01-01&runtimeStatus=Completed,Running", 2, "a-3 b-1 b-2"},
    {"?createdTimeFrom=2000-01-01&createdTimeTo=", 3, "b-1 b-2"},
};

// As a request says it, to the nanosecond.
std::string exactly(time_point t) {
  std::string text;
  gateway::append_time(text, t, gateway::precision::seconds);
  char fraction[16];
  std::snprintf(fraction, sizeof fraction, ".%09uZ",
                static_cast<unsigned>(t.time_since_epoch().count() % 1'000'000'000));
  text.pop_back();
  return text + fraction;
}

time_point created(served& s, const std::string& id) {
  std::promise<time_point> at;
  s.on().instances().status(id, with_history::no, [&](result<instance_status> one) {
    at.set_value(one ? one->created : time_point::min());
  });
  return at.get_future().get();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(instance_list)

BOOST_DATA_TEST_CASE(a_filter_leaves_the_instances_that_match, data::make(lists), one) {
  five_instances s;
  const auto answer = s.ask("GET", df("/instances") + one.query);
  BOOST_TEST(answer.status == 200u);
  BOOST_TEST(answer.field("Content-Type") == "application/json; charset=utf-8");
  BOOST_TEST(ids_of(answer.body) == one.ids);
  if (one.ids.empty()) BOOST_TEST(answer.body == "[]");
  if (one.query != "?top=5") BOOST_TEST(answer.field("x-ms-continuation-token") == "");
}

BOOST_DATA_TEST_CASE(an_invalid_list_or_purge_is_refused, data::make(refusals), one) {
  five_instances s;
  const auto answer = s.ask(one.method, df("/instances") + one.query, "", one.fields);
  BOOST_TEST(answer.status == one.status);
  BOOST_TEST(answer.body == one.body);
  BOOST_TEST(ids_of(s.ask("GET", df("/instances")).body) == everybody);
}

BOOST_AUTO_TEST_CASE(an_item_is_what_the_instance_shows_alone) {
  five_instances s;
  const auto all = s.ask("GET", df("/instances?showHistory=true&showHistoryOutput=true")).body;
  std::string expected;
  for (const std::string id : {"a-1", "a-2", "a-3", "b-1", "b-2"})
    expected += (expected.empty() ? "[" : ",") + s.ask("GET", df("/instances/") + id).body;
  BOOST_TEST(all == expected + "]");
  BOOST_TEST(all.find(R"("input":{"n": 1},"customStatus":null,"output":{"n": 1})") !=
             std::string::npos);
  const auto bare = s.ask("GET", df("/instances?showInput=false")).body;
  BOOST_TEST(bare.find(R"("input":null,"customStatus":null,"output":{"n": 1})") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(pages_go_on_where_the_token_says) {
  five_instances s;
  strings pages;
  std::string token;
  do {
    const auto page =
        s.ask("GET", df("/instances?top=2"), "", "X-MS-Continuation-Token: " + token + "\r\n");
    BOOST_TEST_REQUIRE(page.status == 200u);
    pages.push_back(ids_of(page.body));
    token = page.field("x-ms-continuation-token");
  } while (!token.empty());
  BOOST_TEST(pages == (strings{"a-1 a-2", "a-3 b-1", "b-2"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_token_outlives_the_instance_it_names) {
  five_instances s;
  const auto first = s.ask("GET", df("/instances?top=2"));
  BOOST_TEST(s.ask("DELETE", df("/instances/a-2")).status == 200u);
  const auto token = "x-ms-continuation-token: " + first.field("x-ms-continuation-token") + "\r\n";
  BOOST_TEST(ids_of(s.ask("GET", df("/instances"), "", token).body) == "a-3 b-1 b-2");
}

BOOST_AUTO_TEST_CASE(a_page_of_large_inputs_is_cut_and_goes_on) {
  served s;
  const auto large = '"' + std::string(900'000, 'x') + '"';
  for (const std::string id : {"1", "2", "3", "4", "5"})
    BOOST_TEST_REQUIRE(
        s.ask("POST", df("/orchestrators/echo/") + id + "?timeout=60", large).status == 200u);
  const auto first = s.ask("GET", df("/instances"));
  BOOST_TEST(ids_of(first.body) == "1 2 3");  // each with input and output
  const auto token = "x-ms-continuation-token: " + first.field("x-ms-continuation-token") + "\r\n";
  const auto second = s.ask("GET", df("/instances"), "", token);
  BOOST_TEST(ids_of(second.body) == "4 5");
  BOOST_TEST(second.field("x-ms-continuation-token") == "");
}

BOOST_AUTO_TEST_CASE(a_time_range_includes_both_ends) {
  five_instances s;
  const auto at = created(s, "a-2");
  const auto only = [&](time_point from, time_point to) {
    return ids_of(s.ask("GET", df("/instances?instanceIdPrefix=a-2&createdTimeFrom=") +
                                   exactly(from) + "&createdTimeTo=" + exactly(to))
                      .body);
  };
  const duration tick(100);  // what is finer is cut off
  BOOST_TEST(only(at, at) == "a-2");
  BOOST_TEST(only(at + tick, at + 2 * tick) == "");
  BOOST_TEST(only(at - 2 * tick, at - tick) == "");
}

BOOST_DATA_TEST_CASE(a_purge_counts_what_it_took, data::make(purges), one) {
  five_instances s;
  const auto answer = s.ask("DELETE", df("/instances") + one.query);
  BOOST_TEST(answer.status == 200u);
  BOOST_TEST(answer.body == "{\"instancesDeleted\":" + std::to_string(one.count) + "}");
  BOOST_TEST(ids_of(s.ask("GET", df("/instances")).body) == one.left);
  BOOST_TEST(s.ask("DELETE", df("/instances") + one.query).status == 404u);
}

BOOST_AUTO_TEST_CASE(a_purge_ends_where_its_time_does) {
  five_instances s;
  const auto to = exactly(created(s, "a-1"));
  const auto gone =
      s.ask("DELETE", df("/instances?createdTimeFrom=2000-01-01&createdTimeTo=") + to);
  BOOST_TEST(gone.body == R"({"instancesDeleted":1})");
  BOOST_TEST(ids_of(s.ask("GET", df("/instances")).body) == "a-2 a-3 b-1 b-2");
}

BOOST_AUTO_TEST_SUITE_END()
