#include <algorithm>
#include <set>
#include <string>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "actors/codec.hpp"
#include "gateway/internal/native_route.hpp"
#include "gateway/json_in.hpp"
#include "gateway/json_out.hpp"
#include "tests/gateway/contract.hpp"
#include "tests/gateway/everything.capnp.h"
#include "tests/gateway/schema_check.hpp"
#include "tests/gateway/served.hpp"

namespace {

using namespace reprise;
using namespace reprise::gateway_test;
namespace data = boost::unit_test::data;
namespace dom = simdjson::dom;

const std::string schemas = "/components/schemas/";

std::string text(dom::element e) { return std::string(std::string_view(e)); }
std::string compact(dom::element e) { return simdjson::minify(e); }

// "/v1/a/{b}" as a part of a JSON pointer.
std::string escaped(const std::string& path) {
  std::string out;
  for (const char c : path) out += c == '/' ? "~1" : std::string(1, c);
  return out;
}

std::string lower(std::string_view method) {
  std::string out(method);
  for (auto& c : out) c = static_cast<char>(c - 'A' + 'a');
  return out;
}

std::string place_of(const std::string& method, const std::string& path) {
  return "/paths/" + escaped(path) + "/" + method;
}

// Every path of the document with its methods: "get /v1/pools".
std::set<std::string> operations_of(const contract& promised) {
  std::set<std::string> all;
  for (const auto path : dom::object(promised.at("/paths")))
    for (const auto method : dom::object(path.value))
      all.insert(std::string(method.key) + " " + std::string(path.key));
  return all;
}

struct row {
  std::string what, value;
};
std::ostream& operator<<(std::ostream& out, const row& r) { return out << r.what; }

// Some fit the struct and some do not; which, the reader knows.
const row values[] = {
    {"empty", "{}"},
    {"no object", "[]"},
    {"null", "null"},
    {"unknown member", R"({"nobody":1})"},
    {"void", R"({"nothing":null})"},
    {"void with a value", R"({"nothing":0})"},
    {"boolean", R"({"flag":true})"},
    {"boolean as text", R"({"flag":"true"})"},
    {"int8", R"({"tiny":-128})"},
    {"int8 below", R"({"tiny":-129})"},
    {"int8 as a double", R"({"tiny":1e2})"},
    {"int8 broken", R"({"tiny":1.5})"},
    {"int8 as text", R"({"tiny":"1"})"},
    {"uint16", R"({"small":65535})"},
    {"uint16 above", R"({"small":65536})"},
    {"uint32 null", R"({"count":null})"},
    {"int64", R"({"big":-9007199254740993})"},
    {"int64 as text", R"({"big":"-9223372036854775808"})"},
    {"int64 as other text", R"({"big":"many"})"},
    {"int64 with a plus", R"({"big":"+1"})"},
    {"uint64 as text", R"({"huge":"18446744073709551615"})"},
    {"uint64 negative", R"({"huge":-1})"},
    {"uint64 negative text", R"({"huge":"-1"})"},
    {"float64", R"({"ratio":1.25})"},
    {"float64 not a number", R"({"ratio":"NaN"})"},
    {"float64 infinite", R"({"ratio":"-Infinity"})"},
    {"float64 as text", R"({"ratio":"1.25"})"},
    {"float32", R"({"single":0.5})"},
    {"text", R"({"name":"a"})"},
    {"text null", R"({"name":null})"},
    {"text as number", R"({"name":1})"},
    {"data", R"({"bytes":"AAE="})"},
    {"data null", R"({"bytes":null})"},
    {"data unpadded", R"({"bytes":"AAE"})"},
    {"data with other letters", R"({"bytes":"A-E="})"},
    {"enum", R"({"colour":"green"})"},
    {"enum as number", R"({"colour":1})"},
    {"enum unknown", R"({"colour":"mauve"})"},
    {"enum null", R"({"colour":null})"},
    {"struct", R"({"point":{"x":1}})"},
    {"struct null", R"({"point":null})"},
    {"struct with another member", R"({"point":{"z":1}})"},
    {"struct as list", R"({"point":[1,2]})"},
    {"list of structs", R"({"points":[{"x":1},{}]})"},
    {"list of structs with null", R"({"points":[null]})"},
    {"list null", R"({"points":null})"},
    {"list as object", R"({"points":{}})"},
    {"list of numbers", R"({"numbers":[0,255]})"},
    {"list of numbers above", R"({"numbers":[256]})"},
    {"list of lists", R"({"grid":[[1],[]]})"},
    {"list of lists with null", R"({"grid":[null]})"},
    {"list of texts", R"({"names":["a"]})"},
    {"list of texts with null", R"({"names":[null]})"},
    {"union, its void", R"({"none":null})"},
    {"union, a scalar", R"({"circle":4})"},
    {"union, a group", R"({"box":{"width":1,"height":2}})"},
    {"union, a group with another member", R"({"box":{"depth":1}})"},
    {"union, a group as null", R"({"box":null})"},
    {"union, two of it", R"({"circle":4,"none":null})"},
    {"itself", R"({"inner":{"inner":{"tiny":1}}})"},
    {"itself, wrong inside", R"({"inner":{"inner":{"tiny":"1"}}})"},
    {"a pointer without type", R"({"any":{}})"},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(openapi)

BOOST_AUTO_TEST_CASE(every_reference_leads_somewhere) {
  served s;
  BOOST_TEST(text(s.promised().at("/openapi")) == "3.1.0");
  BOOST_TEST(dangling(s.promised().all()) == "");
  const auto types = s.ask("GET", "/v1/types");
  BOOST_TEST(types.status == 200u);
  dom::parser parser;
  BOOST_TEST(dangling(parser.parse(types.body)) == "");
}

BOOST_AUTO_TEST_CASE(every_route_is_in_the_document) {
  served s;
  const auto documented = operations_of(s.promised());
  for (const auto& route : gateway::native_routes()) {
    const auto wanted = lower(route.method) + " " + std::string(route.path);
    BOOST_TEST(documented.count(wanted) == 1u, wanted);
  }
  std::set<std::string> names;
  for (const auto& one : documented) {
    const auto blank = one.find(' ');
    const auto place = place_of(one.substr(0, blank), one.substr(blank + 1));
    names.insert(text(s.promised().at(place + "/operationId")));
  }
  BOOST_TEST(names.size() == documented.size());
}

BOOST_AUTO_TEST_CASE(what_is_refused_for_its_condition_has_the_tag_of_what_is_there) {
  served s;
  const auto description = [&](const std::string& operation) {
    return text(s.promised().at(operation + "/responses/412/headers/ETag/description"));
  };
  for (const auto* path : {"/v1/actors/{type}/{key}/{operation}", "/v1/actors/stock/{key}/put"})
    BOOST_TEST(description(place_of("post", path)) == "Of the state as last committed");
  BOOST_TEST(description(place_of("delete", "/v1/actors/{type}/{key}")) != "");
}

BOOST_AUTO_TEST_CASE(everything_in_the_document_is_served) {
  served s;
  for (const auto& one : operations_of(s.promised())) {
    const auto blank = one.find(' ');
    std::string method = one.substr(0, blank), path = one.substr(blank + 1);
    for (auto& c : method) c = static_cast<char>(c - 'a' + 'A');
    for (auto open = path.find('{'); open != std::string::npos; open = path.find('{'))
      path.replace(open, path.find('}') - open + 1, "some");
    const auto answer = s.ask(method, path);
    BOOST_TEST(answer.status != 405u, one);
    BOOST_TEST(gateway::json_member(answer.body, "code") != "no_route", one);
  }
}

BOOST_AUTO_TEST_CASE(what_is_bound_has_paths_with_its_own_types) {
  served s;
  const auto& promised = s.promised();
  const auto body = "/requestBody/content/application~1json/schema";
  const auto ok = "/responses/200/content/application~1json/schema";
  const auto put = place_of("post", "/v1/actors/stock/{key}/put");
  BOOST_TEST(compact(promised.at(put + body)) ==
             R"({"$ref":"#/components/schemas/everything.Ask"})");
  BOOST_TEST(compact(promised.at(put + ok)) ==
             R"({"$ref":"#/components/schemas/everything.Stock"})");
  const auto state = compact(promised.at(place_of("get", "/v1/actors/stock/{key}") + ok));
  BOOST_TEST(state ==
             R"({"anyOf":[{"$ref":"#/components/schemas/everything.Stock"},{"type":"null"}]})");
  const auto tour = place_of("post", "/v1/orchestrations/tour");
  BOOST_TEST(compact(promised.at(tour + body)) == R"({"type":"string"})");
  const auto decision = place_of("post", "/v1/instances/{id}/events/decision");
  BOOST_TEST(compact(promised.at(decision + body)) ==
             R"({"$ref":"#/components/schemas/everything.Point"})");
  BOOST_TEST(compact(promised.at(schemas + "everything.Point")) ==
             R"({"type":"object","properties":{)"
             R"("x":{"type":"integer","minimum":-2147483648,"maximum":2147483647},)"
             R"("y":{"type":"integer","minimum":-2147483648,"maximum":2147483647}},)"
             R"("additionalProperties":false})");
}

// The reader and the schema agree about every value, and what comes back fits as well.
BOOST_DATA_TEST_CASE(a_schema_says_what_the_reader_takes, data::make(values), one) {
  served s;
  const auto& type = type_of<Everything>();
  const auto read = gateway::read_json(type, one.value);
  const auto schema = s.promised().at(schemas + "everything.Everything");
  dom::parser parser;
  const auto wrong = misfit(s.promised().all(), schema, parser.parse(one.value));
  BOOST_TEST(wrong.empty() == static_cast<bool>(read),
             wrong << " / " << (read ? "" : read.error().text));
  if (!read) return;
  std::string back;
  BOOST_TEST_REQUIRE(static_cast<bool>(gateway::append_json(back, type, read->bytes())));
  BOOST_TEST(misfit(s.promised().all(), schema, parser.parse(back)) == "");
}

BOOST_AUTO_TEST_CASE(types_list_what_is_bound) {
  served s;
  const auto types = s.ask("GET", "/v1/types").body;
  dom::parser parser;
  const dom::element all = parser.parse(types);
  BOOST_TEST(compact(all.at_pointer("/actors/0/type")) == "\"cup\"");
  BOOST_TEST(
      compact(all.at_pointer("/actors/2/operations/0")) ==
      R"({"name":"put","input":{"$ref":"#/$defs/everything.Ask"},)"
      R"("output":{"$ref":"#/$defs/everything.Stock"},"read_only":false,"transient":false})");
  BOOST_TEST(compact(all.at_pointer("/actors/2/tables")) == R"(["notes"])");
  BOOST_TEST(compact(all.at_pointer("/activities/0")) ==
             R"({"name":"shout","pool":"io","speculative":false,"input":{"type":"string"},)"
             R"("output":{"type":"string"}})");
  BOOST_TEST(compact(all.at_pointer("/events/0")) ==
             R"({"name":"decision","value":{"$ref":"#/$defs/everything.Point"}})");
  BOOST_TEST(compact(all.at_pointer("/orchestrations/0")) ==
             R"({"name":"approve","version":1,"input":{"$ref":"#/$defs/Nothing"},)"
             R"("output":{"type":"string"}})");
}

BOOST_AUTO_TEST_SUITE_END()
