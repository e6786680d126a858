#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <string>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "actors/codec.hpp"
#include "gateway/json/json_in.hpp"
#include "gateway/json/json_out.hpp"
#include "gateway/v1/native_routes.hpp"
#include "gateway/wire/problem.hpp"
#include "tests/gateway/contract.hpp"
#include "tests/gateway/everything.capnp.h"
#include "tests/gateway/served.hpp"
#include "tests/gateway/v1/schema_check.hpp"

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

// A route that names what is bound is there once for each that is, and not once more in general.
BOOST_AUTO_TEST_CASE(every_route_is_in_the_document_once) {
  served s;
  const auto documented = operations_of(s.promised());
  for (const auto& route : gateway::native_rows()) {
    const auto wanted = lower(route.method) + " " + std::string(route.path);
    auto bound = wanted.npos;  // where something bound is named
    for (const auto* part : {"{type}", "{name}", "{event}"})
      bound = std::min(bound, wanted.find(part));
    BOOST_TEST(documented.count(wanted) == (bound == wanted.npos ? 1u : 0u), wanted);
    const auto begins = wanted.substr(0, bound);
    const auto first = documented.lower_bound(begins);
    BOOST_TEST((first != documented.end() && first->starts_with(begins)), wanted);
  }
  std::set<std::string> names;
  for (const auto& one : documented) {
    const auto blank = one.find(' ');
    const auto place = place_of(one.substr(0, blank), one.substr(blank + 1));
    names.insert(text(s.promised().at(place + "/operationId")));
  }
  BOOST_TEST(names.size() == documented.size());
}

BOOST_AUTO_TEST_CASE(a_refused_condition_is_declared_with_the_tag_of_the_stored_state) {
  served s;
  for (const auto& operation : {place_of("post", "/v1/actors/stock/{key}/put"),
                                place_of("delete", "/v1/actors/stock/{key}")})
    BOOST_TEST(compact(s.promised().at(operation + "/responses/412")) ==
               R"({"$ref":"#/components/responses/PreconditionFailed"})");
  BOOST_TEST(text(s.promised().at("/components/responses/PreconditionFailed/headers/ETag/"
                                  "description")) == "Of the state as last committed");
}

BOOST_AUTO_TEST_CASE(every_operation_in_the_document_is_served) {
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

BOOST_AUTO_TEST_CASE(a_bound_function_has_a_path_with_its_own_types) {
  served s;
  const auto& promised = s.promised();
  const auto body = "/requestBody/content/application~1json/schema";
  const auto ok = "/responses/200/content/application~1json/schema";
  const auto put = place_of("post", "/v1/actors/stock/{key}/put");
  BOOST_TEST(compact(promised.at(put + body)) ==
             R"({"$ref":"#/components/schemas/everything.AskInput"})");
  BOOST_TEST(compact(promised.at(put + ok)) ==
             R"({"$ref":"#/components/schemas/everything.Stock"})");
  const auto state = compact(promised.at(place_of("get", "/v1/actors/stock/{key}") + ok));
  BOOST_TEST(state ==
             R"({"anyOf":[{"$ref":"#/components/schemas/everything.Stock"},{"type":"null"}]})");
  const auto tour = place_of("post", "/v1/orchestrations/tour");
  BOOST_TEST(compact(promised.at(tour + body)) == R"({"type":"string"})");
  const auto decision = place_of("post", "/v1/instances/{id}/events/decision");
  BOOST_TEST(compact(promised.at(decision + body)) ==
             R"({"$ref":"#/components/schemas/everything.PointInput"})");
  const std::string members =
      R"({"type":"object","properties":{)"
      R"("x":{"type":"integer","minimum":-2147483648,"maximum":2147483647},)"
      R"("y":{"type":"integer","minimum":-2147483648,"maximum":2147483647}},)";
  BOOST_TEST(compact(promised.at(schemas + "everything.PointInput")) ==
             members + R"("additionalProperties":false})");
  BOOST_TEST(compact(promised.at(schemas + "everything.Point")) ==
             members + R"("required":["x","y"]})");
}

// What refers to what, from the answers on: a member that a later program adds breaks no client.
void look_for_closed(dom::element document, dom::element part, std::set<std::string>& seen) {
  if (part.is_array())
    for (const dom::element one : dom::array(part)) look_for_closed(document, one, seen);
  if (!part.is_object()) return;
  for (const auto member : dom::object(part)) {
    BOOST_TEST(!(member.key == "additionalProperties" && compact(member.value) == "false"),
               simdjson::minify(part));
    if (member.key != "$ref") {
      look_for_closed(document, member.value, seen);
    } else if (seen.insert(text(member.value)).second) {
      look_for_closed(document, document.at_pointer(text(member.value).substr(1)), seen);
    }
  }
}

BOOST_AUTO_TEST_CASE(no_response_schema_forbids_additional_members) {
  served s;
  std::set<std::string> seen;
  for (const auto& one : operations_of(s.promised())) {
    const auto blank = one.find(' ');
    const auto place = place_of(one.substr(0, blank), one.substr(blank + 1));
    look_for_closed(s.promised().all(), s.promised().at(place + "/responses"), seen);
  }
  BOOST_TEST(seen.count("#/components/schemas/everything.Everything") == 1u);
  BOOST_TEST(seen.count("#/components/schemas/everything.EverythingInput") == 0u);
}

BOOST_AUTO_TEST_CASE(every_guarded_route_declares_the_refusals_of_the_authorizer) {
  served s;
  for (const auto& one : operations_of(s.promised())) {
    const auto blank = one.find(' ');
    const auto answers =
        s.promised().at(place_of(one.substr(0, blank), one.substr(blank + 1)) + "/responses");
    if (one == "get /livez" || one == "get /readyz") continue;  // open to everybody
    for (const auto* status : {"400", "401", "403", "429", "503", "default"})
      BOOST_TEST((answers[status].error() == simdjson::SUCCESS), one + " " + status);
  }
}

BOOST_AUTO_TEST_CASE(ids_and_keys_have_their_rules) {
  served s;
  for (const auto* name : {"id", "key"})
    BOOST_TEST(compact(s.promised().at(std::string("/components/parameters/") + name +
                                       "/schema")) == R"({"$ref":"#/components/schemas/Key"})");
  const auto rule = s.promised().at(schemas + "Key");
  BOOST_TEST(compact(rule["minLength"].value()) == "1");
  BOOST_TEST(compact(rule["maxLength"].value()) == "256");
  BOOST_TEST(text(rule["pattern"].value()).find("[^/") != std::string::npos);  // tests/clients
}

// Every word that stands in a call of `problem` in the gateway's sources.
BOOST_AUTO_TEST_CASE(the_codes_of_problems_are_listed) {
  served s;
  std::set<std::string> listed;
  for (const auto word : dom::array(s.promised().at(schemas + "ProblemCode/enum")))
    listed.insert(text(word));
  const std::regex call(R"re((?:problem|refuse|refusal|no)\((?:[a-z.]+,\s*)*)re"
                        R"re(\d{3},\s*"([a-z_]+)")re");
  std::size_t found = 0;
  for (const auto& file : std::filesystem::recursive_directory_iterator(
           std::string(REPRISE_SOURCE_ROOT) + "/gateway")) {
    if (file.path().extension() != ".cpp") continue;
    std::ifstream in(file.path());
    const std::string source(std::istreambuf_iterator<char>(in), {});
    for (std::sregex_iterator one(source.begin(), source.end(), call), end; one != end; ++one) {
      ++found;
      BOOST_TEST(listed.count((*one)[1]) == 1u, (*one)[1]);
    }
  }
  BOOST_TEST(found > 10u);
  for (const unsigned status : {400u, 405u, 408u, 413u, 414u, 417u, 431u, 501u, 505u})
    BOOST_TEST(listed.count(std::string(gateway::status_code(status))) == 1u);
}

// The reader and the schema agree about every value, and what comes back fits as well.
BOOST_DATA_TEST_CASE(a_schema_says_what_the_reader_takes, data::make(values), one) {
  served s;
  const auto& type = type_of<Everything>();
  const auto read = gateway::read_json(type, one.value);
  const auto schema = s.promised().at(schemas + "everything.EverythingInput");
  const auto shown = s.promised().at(schemas + "everything.Everything");
  dom::parser parser;
  const auto wrong = misfit(s.promised().all(), schema, parser.parse(one.value));
  BOOST_TEST(wrong.empty() == static_cast<bool>(read),
             wrong << " / " << (read ? "" : read.error().text));
  if (!read) return;
  std::string back;
  BOOST_TEST_REQUIRE(static_cast<bool>(gateway::append_json(back, type, read->bytes())));
  BOOST_TEST(misfit(s.promised().all(), shown, parser.parse(back)) == "");
}

BOOST_AUTO_TEST_CASE(types_list_what_is_bound) {
  served s;
  const auto types = s.ask("GET", "/v1/types").body;
  dom::parser parser;
  const dom::element all = parser.parse(types);
  BOOST_TEST(compact(all.at_pointer("/actors/0/type")) == "\"cup\"");
  BOOST_TEST(
      compact(all.at_pointer("/actors/2/operations/0")) ==
      R"({"name":"put","input":{"$ref":"#/$defs/everything.AskInput"},)"
      R"("output":{"$ref":"#/$defs/everything.Stock"},"read_only":false,"transient":false})");
  BOOST_TEST(compact(all.at_pointer("/actors/2/tables")) == R"(["notes"])");
  BOOST_TEST(compact(all.at_pointer("/activities/0")) ==
             R"({"name":"shout","pool":"io","speculative":false,"input":{"type":"string"},)"
             R"("output":{"type":"string"}})");
  BOOST_TEST(compact(all.at_pointer("/events/0")) ==
             R"({"name":"decision","value":{"$ref":"#/$defs/everything.PointInput"}})");
  BOOST_TEST(compact(all.at_pointer("/orchestrations/0")) ==
             R"({"name":"approve","version":1,"input":{"$ref":"#/$defs/Nothing"},)"
             R"("output":{"type":"string"}})");
}

BOOST_AUTO_TEST_SUITE_END()
