// What authorization, metrics and logs know of a request on each route: the route's word, the scope that
// it needs, and the actor or instance that it is about.

#include <string>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "gateway/v1/native_routes.hpp"
#include "gateway/wire/route_kind.hpp"
#include "tests/gateway/router/row_paths.hpp"
#include "tests/gateway/served.hpp"

namespace {

using namespace reprise::gateway;
using reprise::gateway_test::df;
using reprise::gateway_test::filled;
namespace data = boost::unit_test::data;

constexpr auto read = scope::read, start = scope::start, signal = scope::signal,
               manage = scope::manage;

struct row {
  std::string method, target, name;
  scope needs;
  std::string type{}, id{}, operation{};
  bool is_instance = false;
};
std::ostream& operator<<(std::ostream& out, const row& r) {
  return out << r.method << ' ' << r.target;
}

const row rows[] = {
    {"POST", "/v1/actors/stock/tea/look", "actor.call", signal, "stock", "tea", "look"},
    {"POST", "/v1/actors/stock/tea/lock", "actor.call", signal, "stock", "tea", "lock"},
    {"GET", "/v1/actors/stock/tea", "actor.get", read, "stock", "tea"},
    {"DELETE", "/v1/actors/stock/tea", "actor.delete", manage, "stock", "tea"},
    {"GET", "/v1/actors/stock", "actor.list", read, "stock"},
    {"GET", "/v1/actors/stock/tea/lock", "actor.get", read, "stock", "tea"},
    {"DELETE", "/v1/actors/stock/tea/lock", "actor.unlock", manage, "stock", "tea"},
    {"GET", "/v1/locks", "lock.list", read},
    {"GET", "/v1/instances", "instance.list", read},
    {"POST", "/v1/instances", "instance.start", start},
    {"DELETE", "/v1/instances", "instance.purge", manage},
    {"POST", "/v1/orchestrations/echo.2", "instance.start", start, "echo"},
    {"GET", "/v1/instances/one", "instance.get", read, "", "one", "", true},
    {"DELETE", "/v1/instances/one", "instance.purge", manage, "", "one", "", true},
    {"GET", "/v1/instances/one/history", "instance.get", read, "", "one", "", true},
    {"GET", "/v1/instances/one/why", "instance.why", read, "", "one", "", true},
    {"GET", "/v1/instances/one/events", "instance.get", read, "", "one", "", true},
    {"GET", "/v1/events", "other", read},
    {"POST", "/v1/instances/one/events/go", "instance.raise", signal, "", "one", "", true},
    {"POST", "/v1/instances/one/terminate", "instance.terminate", manage, "", "one", "", true},
    {"POST", "/v1/instances/one/suspend", "instance.suspend", manage, "", "one", "", true},
    {"POST", "/v1/instances/one/resume", "instance.resume", manage, "", "one", "", true},
    {"POST", "/v1/instances/one/rewind", "instance.rewind", manage, "", "one", "", true},
    {"POST", "/v1/instances/one/restart", "instance.restart", manage, "", "one", "", true},
    {"GET", "/v1/dead-letters", "dead_letter.list", read},
    {"DELETE", "/v1/dead-letters/0c", "dead_letter.drop", manage},
    {"POST", "/v1/dead-letters/0c/retry", "dead_letter.retry", manage},
    {"GET", "/v1/pools", "node", read},
    {"GET", "/v1/devices", "node", read},
    {"GET", "/v1/limits", "node", read},
    {"GET", "/v1/version", "node", read},
    {"GET", "/v1/types", "other", read},
    {"GET", "/openapi.json", "other", read},
    {"GET", "/metrics", "metrics", read},
    {"POST", df("/orchestrators/echo.2"), "instance.start", start, "echo"},
    {"POST", df("/Orchestrators/echo/one"), "instance.start", start, "echo", "one"},
    {"GET", df("/instances"), "instance.list", read},
    {"DELETE", df("/instances"), "instance.purge", manage},
    {"DELETE", df("/instances/@Stock@tea"), "actor.delete", manage, "stock"},
    {"GET", df("/INSTANCES/one"), "instance.get", read, "", "one", "", true},
    {"DELETE", df("/instances/one"), "instance.purge", manage, "", "one", "", true},
    {"POST", df("/instances/one/RAISEevent/go"), "instance.raise", signal, "", "one", "", true},
    {"POST", df("/instances/one/terminate"), "instance.terminate", manage, "", "one", "", true},
    {"POST", df("/instances/one/Suspend"), "instance.suspend", manage, "", "one", "", true},
    {"POST", df("/instances/one/resume"), "instance.resume", manage, "", "one", "", true},
    {"POST", df("/instances/one/rewind"), "instance.rewind", manage, "", "one", "", true},
    {"POST", df("/instances/one/restart"), "instance.restart", manage, "", "one", "", true},
    {"GET", df("/entities"), "actor.list", read},
    {"GET", df("/entities/Stock"), "actor.list", read, "stock"},
    {"POST", df("/entities/Stock/tea?op=Look"), "actor.call", signal, "stock", "tea", "look"},
    {"POST", df("/entities/stock/tea?op=Delete"), "actor.delete", manage, "stock", "tea"},
    {"POST", df("/entities/stock/tea"), "actor.call", signal, "stock", "tea"},
    {"DELETE", df("/entities/stock/tea"), "actor.delete", manage, "stock", "tea"},
    {"GET", df("/entities/stock/tea"), "actor.get", read, "stock", "tea"},
    {"POST", df("/makeprimary"), "other", manage},
    {"GET", df("/makeprimary"), "other", manage},
    // What no row serves.
    {"GET", "/v1/what-comes-later", "other", read},
    {"POST", "/v1/what-comes-later", "other", manage},
    {"GET", "/", "other", read},
    {"GET", df("/nothing"), "other", manage},
    {"GET", df(""), "other", manage},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(route_kinds)

BOOST_DATA_TEST_CASE(a_route_says_what_it_needs_and_is_about, data::make(rows), one) {
  http_request request;
  request.method = one.method;
  request.target = one.target;
  const auto where = *parse_target(one.target);
  const auto kind = kind_of(request, where);
  BOOST_TEST(kind.name == one.name);
  BOOST_TEST((kind.needs == one.needs));
  BOOST_TEST(kind.type == one.type);
  BOOST_TEST(kind.id == one.id);
  BOOST_TEST(kind.operation == one.operation);
  BOOST_TEST(kind.is_instance == one.is_instance);
}

BOOST_AUTO_TEST_CASE(each_row_of_the_route_table_is_found_by_its_path) {
  for (const auto& row : native_rows()) {
    if (row.access == route_access::open) continue;
    http_request request;
    request.method = row.method;
    request.target = filled(row.path);
    const auto kind = kind_of(request, *parse_target(request.target));
    BOOST_TEST(kind.name == row.metric, row.method << ' ' << row.path);
    BOOST_TEST((kind.needs == row.needs), row.method << ' ' << row.path);
  }
}

BOOST_AUTO_TEST_SUITE_END()
