#include <string>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/gateway/v1/schema_check.hpp"

namespace {

using namespace reprise::gateway_test;
namespace data = boost::unit_test::data;

struct row {
  std::string schema, value, wrong;  // a part of what is said; "" when it fits
};
std::ostream& operator<<(std::ostream& out, const row& r) { return out << r.schema << r.value; }

const row rows[] = {
    {"{}", "[1]", ""},
    {R"({"type":"string"})", "\"a\"", ""},
    {R"({"type":"string"})", "1", "is against type"},
    {R"({"type":["string","null"]})", "null", ""},
    {R"({"type":"integer"})", "1.0", ""},
    {R"({"type":"integer"})", "1.5", "against type"},
    {R"({"type":"integer","minimum":0,"maximum":9})", "9", ""},
    {R"({"type":"integer","minimum":0,"maximum":9})", "10", "against maximum"},
    {R"({"type":"integer","minimum":0,"maximum":9})", "-1", "against minimum"},
    {R"({"type":"array","items":{"type":"boolean"}})", "[true,1]", "/1: 1 is against type"},
    {R"({"enum":["a",null]})", "null", ""},
    {R"({"enum":["a"]})", "\"b\"", "against enum"},
    {R"({"const":"a"})", "\"b\"", "against const"},
    {R"({"pattern":"^[0-9]+$"})", "\"12\"", ""},
    {R"({"pattern":"^[0-9]+$"})", "\"1a\"", "against pattern"},
    {R"({"properties":{"a":{"type":"null"}}})", R"({"a":1})", "/a: 1 is against type"},
    {R"({"properties":{"a":{}}})", R"({"b":1})", "/b: the schema has no such member"},
    {R"({"properties":{"a":{}},"additionalProperties":true})", R"({"b":1})", ""},
    {R"({"properties":{},"additionalProperties":{"type":"null"}})", R"({"b":1})", "/b: 1"},
    {R"({"required":["a"]})", R"({"b":1})", "against required"},
    {R"({"type":"object","maxProperties":0})", R"({"b":1})", "against maxProperties"},
    {R"({"anyOf":[{"type":"null"},{"type":"boolean"}]})", "1", "against anyOf"},
    {R"({"oneOf":[{"type":"integer"},{"type":"number"}]})", "1", "against oneOf"},
    {R"({"oneOf":[{"type":"integer"},{"type":"number"}]})", "1.5", ""},
    {R"({"not":{"type":"null"}})", "null", "against not"},
    {R"({"allOf":[{"type":"integer"},{"minimum":3}]})", "1", "against minimum"},
    {R"({"multipleOf":2})", "2", "multipleOf, which is not known"},
    {R"({"items":{"$ref":"#/not"},"not":{"type":"null"}})", "[1]", "/0: 1 is against type"},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(schema_check)

BOOST_DATA_TEST_CASE(a_value_that_does_not_fit_its_schema_is_found, data::make(rows), one) {
  simdjson::dom::parser of_schema, of_value;
  const simdjson::dom::element schema = of_schema.parse(one.schema);
  const simdjson::dom::element value = of_value.parse(one.value);
  const auto wrong = misfit(schema, schema, value);
  if (one.wrong.empty()) {
    BOOST_TEST(wrong == "");
  } else {
    BOOST_TEST(wrong.find(one.wrong) != std::string::npos, wrong);
  }
}

BOOST_AUTO_TEST_CASE(a_reference_that_leads_nowhere_is_found) {
  simdjson::dom::parser parser;
  const simdjson::dom::element good = parser.parse(std::string(R"({"a":[{"$ref":"#/b"}],"b":1})"));
  BOOST_TEST(dangling(good) == "");
  const simdjson::dom::element bad = parser.parse(std::string(R"({"a":[{"$ref":"#/c"}],"b":1})"));
  BOOST_TEST(dangling(bad) == "#/c");
}

BOOST_AUTO_TEST_SUITE_END()
