// Whose words a refusal is told in: a problem document on /v1, {"Message"} or a string on the routes of
// Durable Functions, whatever refuses it and on whichever route.

#include <string>
#include <vector>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "gateway/access/api_keys.hpp"
#include "gateway/json/json_in.hpp"
#include "gateway/v1/native_routes.hpp"
#include "tests/gateway/served.hpp"

namespace {

using namespace reprise::gateway;
using namespace reprise::gateway_test;
namespace data = boost::unit_test::data;

struct served_route {
  std::string method, target;
};

// Each path of the table with something in its braces, and each of the other surface.
std::vector<served_route> all_routes() {
  std::vector<served_route> all;
  for (const auto& one : native_rows()) {
    std::string path(one.path);
    for (auto open = path.find('{'); open != path.npos; open = path.find('{'))
      path.replace(open, path.find('}') - open + 1, "some");
    all.push_back({std::string(one.method), path});
  }
  for (const auto& [method, path] : {std::pair("POST", "/orchestrators/approve"),
                                     {"POST", "/orchestrators/approve/some"},
                                     {"GET", "/instances"},
                                     {"DELETE", "/instances"},
                                     {"GET", "/instances/some"},
                                     {"DELETE", "/instances/some"},
                                     {"POST", "/instances/some/raiseEvent/decision"},
                                     {"POST", "/instances/some/terminate"},
                                     {"POST", "/instances/some/suspend"},
                                     {"POST", "/instances/some/resume"},
                                     {"POST", "/instances/some/rewind"},
                                     {"POST", "/instances/some/restart"},
                                     {"GET", "/entities/stock"},
                                     {"GET", "/entities/stock/some"},
                                     {"POST", "/entities/stock/some"},
                                     {"DELETE", "/entities/stock/some"},
                                     {"POST", "/makeprimary"}})
    all.push_back({method, df(path)});
  return all;
}

struct way {
  std::string what, fields, query;
  unsigned status;
};
std::ostream& operator<<(std::ostream& out, const way& w) { return out << w.what; }

const way ways[] = {
    {"another host", "Host: stranger\r\n", "", 421},
    {"a page of another origin", "Origin: http://stranger\r\n", "", 403},
    {"a control character in the URL", "", "?reason=a%0Ab", 400},
    {"no UTF-8 in the URL", "", "?reason=%ff", 400},
    {"no key", "", "", 401},
    {"a key that is none", "Authorization: Bearer nobody\r\n", "", 401},
    {"no credential at all", "Authorization: nobody\r\n", "", 401},
    {"a header too large", "X: " + std::string(20'000, 'x') + "\r\n", "", 431},
    {"two lengths", "Content-Length: 1\r\nContent-Length: 2\r\n", "", 400},
};

// What is wrong with the body of a refusal; "" when nothing is.
std::string misshapen(const std::string& target, const raw_answer& answer) {
  const auto media = answer.field("Content-Type");
  if (target.starts_with("/runtime")) {
    if (answer.body.empty() && (answer.status == 404 || answer.status == 410)) return "";
    if (media != "application/json; charset=utf-8") return media;
    const bool told = answer.body.starts_with('"') || !json_member(answer.body, "Message").empty();
    return told ? "" : answer.body;
  }
  if (media != "application/problem+json") return media;
  for (const auto* member : {"type", "title", "detail", "code"})
    if (json_member(answer.body, member).empty()) return answer.body;
  return json_text(answer.body, "status") == std::to_string(answer.status) ? "" : answer.body;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(error_bodies)

BOOST_DATA_TEST_CASE(each_surface_refuses_in_its_own_words, data::make(ways), one) {
  route_options options;
  options.authorizer = authorizer_for(make_key("somebody", {"read"})->line);
  served s(options);
  for (const auto& [method, target] : all_routes()) {
    const bool is_open = target == "/livez" || target == "/readyz";
    if (one.status == 401 && is_open) continue;
    if (one.status == 403 && method == "GET") continue;  // a page may look
    const auto answer = s.ask(method, target + one.query, "", one.fields);
    BOOST_TEST(answer.status == one.status, method + " " + target);
    BOOST_TEST(misshapen(target, answer) == "", method + " " + target);
  }
}

BOOST_AUTO_TEST_CASE(an_error_of_any_route_has_the_body_of_its_surface) {
  served s;
  for (const auto& [method, target] : all_routes()) {
    const auto answer = s.ask(method, target);
    if (answer.status < 400) continue;
    BOOST_TEST(misshapen(target, answer) == "", method + " " + target);
  }
  for (const auto* target : {"/v1/nothing", "/nothing", "/runtime/webhooks/durabletask/nothing"}) {
    const auto answer = s.ask("POST", target);
    BOOST_TEST(answer.status == 404u);
    BOOST_TEST(misshapen(target, answer) == "", target);
  }
}

BOOST_AUTO_TEST_SUITE_END()
