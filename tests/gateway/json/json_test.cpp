#include <cstdint>
#include <limits>
#include <string>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "gateway/json/json_in.hpp"
#include "gateway/json/json_out.hpp"
#include "gateway/json/text.hpp"
#include "gateway/limits.hpp"
#include "tests/gateway/everything.capnp.h"

namespace {

using namespace reprise;
using namespace reprise::gateway;
namespace data = boost::unit_test::data;

template <class T>
payload_type structure(const char* name) {
  payload_type type;
  type.kind = payload_kind::structure;
  type.schema = capnp::Schema::from<T>();
  type.name = name;
  return type;
}

payload_type scalar(payload_kind kind, unsigned bits = 0, const payload_type* element = nullptr) {
  payload_type type;
  type.kind = kind;
  type.bits = bits;
  type.element = element;
  type.name = "scalar";
  return type;
}

const auto everything = structure<gateway_test::Everything>("everything.capnp:Everything");
const auto crowd = structure<gateway_test::Crowd>("everything.capnp:Crowd");
const auto none_type = scalar(payload_kind::none);
const auto json_type = scalar(payload_kind::json);
const auto text_type = scalar(payload_kind::text);
const auto boolean_type = scalar(payload_kind::boolean);
const auto int16_type = scalar(payload_kind::signed_integer, 16);
const auto int64_type = scalar(payload_kind::signed_integer, 64);
const auto uint8_type = scalar(payload_kind::unsigned_integer, 8);
const auto uint64_type = scalar(payload_kind::unsigned_integer, 64);
const auto number_type = scalar(payload_kind::number);
const auto texts_type = scalar(payload_kind::list, 0, &text_type);
const auto jsons_type = scalar(payload_kind::list, 0, &json_type);
const auto json_lists_type = scalar(payload_kind::list, 0, &jsons_type);
const auto int64s_type = scalar(payload_kind::list, 0, &int64_type);
const auto structs_type = scalar(payload_kind::list, 0, &everything);

// What comes back of a JSON text that went through the payload's bytes, or the failure's text.
std::string there_and_back(const payload_type& type, std::string_view json) {
  const auto in = read_json(type, json);
  if (!in) return std::string(to_string(in.error().why)) + " " + in.error().text;
  std::string out;
  const auto written = append_json(out, type, in->bytes());
  return written ? out : "unwritten: " + written.error().text;
}

// The text of one member of what comes back.
std::string member(std::string_view json, std::string_view name) {
  const auto all = there_and_back(everything, json);
  return all.front() == '{' ? json_member(all, name) : all;
}

struct row {
  std::string what;
  const payload_type* type;
  std::string in, out;
};
std::ostream& operator<<(std::ostream& out, const row& r) { return out << r.what; }

const row scalars[] = {
    {"none takes nothing", &none_type, "", "null"},
    {"none takes blanks", &none_type, " \r\n", "null"},
    {"none takes null", &none_type, "null", "null"},
    {"none takes an empty object", &none_type, " {} ", "null"},
    {"none refuses a value", &none_type, "1",
     "invalid at the top: wanted nothing, came the number 1"},
    {"none refuses members", &none_type, "{\"a\":1}",
     "invalid at the top: wanted nothing, came an object"},
    {"true", &boolean_type, "true", "true"},
    {"false", &boolean_type, " false", "false"},
    {"a boolean is no number", &boolean_type, "1",
     "invalid at the top: wanted true or false, came the number 1"},
    {"lowest int16", &int16_type, "-32768", "-32768"},
    {"below int16", &int16_type, "-32769",
     "invalid at the top: wanted an integer from -32768 to 32767, came the number -32769"},
    {"above int16", &int16_type, "32768",
     "invalid at the top: wanted an integer from -32768 to 32767, came the number 32768"},
    {"a whole double", &int16_type, "1e3", "1000"},
    {"a broken double", &int16_type, "1.5",
     "invalid at the top: wanted an integer from -32768 to 32767, came the number 1.5"},
    {"small integers are no strings", &int16_type, "\"7\"",
     "invalid at the top: wanted an integer from -32768 to 32767, came the string \"7\""},
    {"uint8", &uint8_type, "255", "255"},
    {"above uint8", &uint8_type, "256",
     "invalid at the top: wanted an integer from 0 to 255, came the number 256"},
    {"below uint8", &uint8_type, "-1",
     "invalid at the top: wanted an integer from 0 to 255, came the number -1"},
    {"a negative double below uint8", &uint8_type, "-1.0",
     "invalid at the top: wanted an integer from 0 to 255, came the number -1.0"},
    {"2^53", &int64_type, "9007199254740992", "9007199254740992"},
    {"2^53 + 1 leaves as a string", &int64_type, "9007199254740993", "\"9007199254740993\""},
    {"-2^53 - 1 leaves as a string", &int64_type, "-9007199254740993", "\"-9007199254740993\""},
    {"int64 as a string", &int64_type, "\"-9223372036854775808\"", "\"-9223372036854775808\""},
    {"beyond int64", &int64_type, "\"9223372036854775808\"",
     "invalid at the top: wanted an integer from -9223372036854775808 to 9223372036854775807, came "
     "the string "
     "\"9223372036854775808\""},
    {"digits only", &int64_type, "\" 1\"",
     "invalid at the top: wanted an integer from -9223372036854775808 to 9223372036854775807, came "
     "the string \" 1\""},
    {"uint64 as a number", &uint64_type, "18446744073709551615", "\"18446744073709551615\""},
    {"uint64 as a string", &uint64_type, "\"18446744073709551615\"", "\"18446744073709551615\""},
    {"a negative string is no uint64", &uint64_type, "\"-1\"",
     "invalid at the top: wanted an integer from 0 to 18446744073709551615, came the string "
     "\"-1\""},
    {"a whole number beyond 2^53 with an exponent", &int64_type, "1e18", "\"1000000000000000000\""},
    {"one with a point", &int64_type, "9007199254740993.0", "\"9007199254740993\""},
    {"the highest int64 with an exponent", &int64_type, "9.223372036854775807e18",
     "\"9223372036854775807\""},
    {"the lowest", &int64_type, "-922337203685477580.8e1", "\"-9223372036854775808\""},
    {"one beyond it with an exponent", &int64_type, "9.223372036854775808e18",
     "invalid at the top: wanted an integer from -9223372036854775808 to 9223372036854775807, came "
     "the number 9.223372036854776e+18"},
    {"a fraction that a double does not see", &int64_type, "1e-400",
     "invalid at the top: wanted an integer from -9223372036854775808 to 9223372036854775807, came "
     "the number 0.0"},
    {"another", &int64_type, "1.00000000000000000001",
     "invalid at the top: wanted an integer from -9223372036854775808 to 9223372036854775807, came "
     "the number 1.0"},
    {"zero with a large exponent", &int64_type, "0e99999999999999999999", "0"},
    {"zero with zeros", &int64_type, "-0.000e-5", "0"},
    {"minus zero", &int64_type, "-0", "0"},
    {"the highest uint64 with an exponent", &uint64_type, "1844674407370955161.5e1",
     "\"18446744073709551615\""},
    {"a minus before it", &uint64_type, "-1e0",
     "invalid at the top: wanted an integer from 0 to 18446744073709551615, came the number -1.0"},
    {"more digits than 64 bits hold", &uint64_type, "18446744073709551616",
     "invalid at the top: wanted an integer from 0 to 18446744073709551615, came the number "
     "1.8446744073709552e+19"},
    {"which a double has room for", &number_type, "100000000000000000000", "1e+20"},
    {"and json keeps", &json_type, "[18446744073709551616, -9223372036854775809]",
     "[18446744073709551616, -9223372036854775809]"},
    {"a list of all of these", &int64s_type, R"(["7", 1e3, -0, 2.50e1, 9007199254740993.0])",
     "[7,1000,0,25,\"9007199254740993\"]"},
    {"minus zero as a double", &number_type, "-0.0", "-0.0"},
    {"minus zero without a dot", &number_type, "-0", "-0.0"},
    {"the least double", &number_type, "5e-324", "5e-324"},
    {"the largest", &number_type, "1.7976931348623157e308", "1.7976931348623157e+308"},
    {"a number", &number_type, "0.1", "0.1"},
    {"a number without a dot", &number_type, "-7", "-7"},
    {"a large number", &number_type, "1e300", "1e+300"},
    {"not a number", &number_type, "\"NaN\"", "\"NaN\""},
    {"infinity", &number_type, "\"-Infinity\"", "\"-Infinity\""},
    {"text is no number", &number_type, "\"1\"",
     "invalid at the top: wanted a number, came the string \"1\""},
    {"text", &text_type, R"("a\u00e9\"\\\n\u0001\ud83d\ude00")",
     "\"a\u00e9\\\"\\\\\\n\\u0001\U0001f600\""},
    {"no text", &text_type, "[]", "invalid at the top: wanted a string, came an array"},
    {"list", &texts_type, R"(["a", "", "b"])", R"(["a","","b"])"},
    {"empty list", &texts_type, "[ ]", "[]"},
    {"bad element", &texts_type, R"(["a", 1])",
     "invalid at /1: wanted a string, came the number 1"},
    {"list of structs", &structs_type, R"([{"tiny":300}])",
     "invalid at /0/tiny: wanted an integer from -128 to 127, came the number 300"},
    {"json keeps its bytes", &json_type, "{ \"a\" : 1.10, \"b\":[ ] }",
     "{ \"a\" : 1.10, \"b\":[ ] }"},
    {"json from nothing", &json_type, "", "null"},
    {"list of json keeps bytes", &jsons_type, R"([ {"a": [1, "]"]} , "x,\"]" ,1.0])",
     R"([{"a": [1, "]"]},"x,\"]",1.0])"},
    {"list of lists of json", &json_lists_type, R"([[1.0, 2.50],[],[{"b" :0}]])",
     R"([[1.0,2.50],[],[{"b" :0}]])"},
};

const row fields[] = {
    {"flag", nullptr, R"({"flag":true})", "true"},
    {"tiny", nullptr, R"({"tiny":-128})", "-128"},
    {"small", nullptr, R"({"small":65535})", "65535"},
    {"count", nullptr, R"({"count":4294967295})", "4294967295"},
    {"big", nullptr, R"({"big":"9007199254740993"})", "9007199254740993"},
    {"huge", nullptr, R"({"huge":1})", "1"},
    {"ratio", nullptr, R"({"ratio":2.5})", "2.5"},
    {"single", nullptr, R"({"single":0.1})", "0.1"},
    {"ratio", nullptr, R"({"ratio":0.30000000000000004})", "0.30000000000000004"},
    {"name", nullptr, R"({"name":"tea \u20ac"})", "tea \u20ac"},
    {"name", nullptr, R"({"name":null})", ""},
    {"bytes", nullptr, R"({"bytes":"AP8="})", "AP8="},
    {"colour", nullptr, R"({"colour":"blue"})", "blue"},
    {"point", nullptr, R"({"point":{"x":1,"y":-1}})", R"({"x":1,"y":-1})"},
    {"point", nullptr, R"({"point":null})", "null"},
    {"points", nullptr, R"({"points":[{"x":1},{"y":2}]})", R"([{"x":1,"y":0},{"x":0,"y":2}])"},
    {"numbers", nullptr, R"({"numbers":[0,255]})", "[0,255]"},
    {"grid", nullptr, R"({"grid":[[1],[],[2,3]]})", "[[1],[],[2,3]]"},
    {"names", nullptr, R"({"names":["a","b"]})", R"(["a","b"])"},
    {"circle", nullptr, R"({"circle":7})", "7"},
    {"box", nullptr, R"({"box":{"width":2,"height":3}})", R"({"width":2,"height":3})"},
    {"none", nullptr, R"({"none":null})", "null"},
};

const row refused[] = {
    {"unknown field", &everything, R"({"colr":1})",
     "invalid at /colr: there is no such field in Everything"},
    {"unknown inner field", &everything, R"({"points":[{"x":1},{"z":1}]})",
     "invalid at /points/1/z: there is no such field in Point"},
    {"pointer is escaped", &everything, R"({"a/b~c":1})",
     "invalid at /a~1b~0c: there is no such field in Everything"},
    {"duplicate field", &everything, R"({"flag":true,"flag":true})",
     "invalid at the top: the name \"flag\" is there twice"},
    {"duplicate by escape", &everything, R"({"flag":true,"\u0066lag":true})",
     "invalid at the top: the name \"flag\" is there twice"},
    {"two members of a union", &everything, R"({"circle":1,"none":null})",
     "invalid at /none: only one of \"circle\" and this can be given"},
    {"out of range", &everything, R"({"count":4294967296})",
     "invalid at /count: wanted an integer from 0 to 4294967295, came the number 4294967296"},
    {"null is no integer", &everything, R"({"count":null})",
     "invalid at /count: wanted an integer from 0 to 4294967295, came null"},
    {"float32 overflow", &everything, R"({"single":1e39})",
     "invalid at /single: wanted a number that fits in 32 bits, came the number 1e+39"},
    {"unknown name of an enum", &everything, R"({"colour":"pink"})",
     "invalid at /colour: wanted one of \"red\", \"green\", \"blue\", came the string \"pink\""},
    {"number for an enum", &everything, R"({"colour":1})",
     "invalid at /colour: wanted one of \"red\", \"green\", \"blue\", came the number 1"},
    {"bad base64", &everything, R"({"bytes":"AP8"})",
     "invalid at /bytes: wanted base64, came the string \"AP8\""},
    {"base64 with stray bits", &everything, R"({"bytes":"AP9="})",
     "invalid at /bytes: wanted base64, came the string \"AP9=\""},
    {"any pointer", &everything, R"({"any":{}})",
     "invalid at /any: a field of this type cannot come as JSON"},
    {"array for a struct", &everything, "[]",
     "invalid at the top: wanted an object, came an array"},
    {"duplicate in json", &json_type, R"({"a":[{"b":1,"b":2}]})",
     "invalid at /a/0: the name \"b\" is there twice"},
    {"trailing text", &json_type, "{} x",
     "invalid Invalid JSON content: this is not one JSON value"},
    {"two values", &json_type, "1 2", "invalid Invalid JSON content: this is not one JSON value"},
    {"trailing comma", &json_type, "[1,]",
     "invalid Invalid JSON content: this is not one JSON value"},
    {"bad atom", &json_type, "{\"a\":tru e}",
     "invalid Invalid JSON content: this is not one JSON value"},
    {"single quotes", &json_type, "{'a':1}",
     "invalid Invalid JSON content: this is not one JSON value"},
    {"lone high surrogate", &json_type, R"("\ud83d")",
     "invalid Invalid JSON content: a string has a bad escape or half of a surrogate pair"},
    {"lone low surrogate", &json_type, R"("\ude00")",
     "invalid Invalid JSON content: a string has a bad escape or half of a surrogate pair"},
    {"invalid UTF-8", &json_type, "\"\xff\"",
     "invalid Invalid JSON content: the text is not valid UTF-8"},
    {"overlong UTF-8", &json_type, "\"\xc0\xaf\"",
     "invalid Invalid JSON content: the text is not valid UTF-8"},
    {"encoded surrogate", &json_type, "\"\xed\xa0\x80\"",
     "invalid Invalid JSON content: the text is not valid UTF-8"},
    {"control character", &json_type, "\"\x01\"",
     "invalid Invalid JSON content: a string has a control character that is not escaped"},
    {"no end", &json_type, "\"a", "invalid Invalid JSON content: a string has no end"},
    {"number beyond a double", &json_type, "1e400",
     "invalid Invalid JSON content: a number is malformed, or an integer beyond 64 bits or a "
     "double's range: send it as "
     "a string"},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(json)

BOOST_DATA_TEST_CASE(scalars_and_lists_go_there_and_back, data::make(scalars), one) {
  BOOST_TEST(there_and_back(*one.type, one.in) == one.out);
}

BOOST_DATA_TEST_CASE(each_field_of_a_struct_goes_there_and_back, data::make(fields), one) {
  BOOST_TEST(member(one.in, one.what) == one.out);
}

BOOST_DATA_TEST_CASE(a_value_that_does_not_fit_its_type_is_refused_with_its_place,
                     data::make(refused), one) {
  BOOST_TEST(there_and_back(*one.type, one.in) == one.out);
}

BOOST_AUTO_TEST_CASE(an_empty_text_is_reported_as_no_body_with_the_expected_type) {
  for (const auto* type : {&text_type, &boolean_type, &int16_type, &int64_type, &uint8_type,
                           &uint64_type, &number_type, &texts_type, &jsons_type, &structs_type})
    for (const auto* nothing : {"", " \r\n"})
      BOOST_TEST(there_and_back(*type, nothing) == "invalid no body came: wanted scalar");
  for (const auto* type : {&none_type, &json_type}) BOOST_TEST(there_and_back(*type, "") == "null");
}

BOOST_AUTO_TEST_CASE(a_struct_shows_all_fields_and_one_member_of_its_union) {
  const auto all = there_and_back(everything, "");
  BOOST_TEST(
      all ==
      R"({"nothing":null,"flag":false,"tiny":0,"small":0,"count":0,"big":0,"huge":0,"ratio":0,"single":0,)"
      R"("name":"","bytes":"","colour":"red","point":null,"points":[],"numbers":[],"grid":[],"names":[],)"
      R"("inner":null,"any":null,"none":null})");
  BOOST_TEST(there_and_back(everything, all).size() > 9);
}

BOOST_AUTO_TEST_CASE(nesting_is_limited) {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  BOOST_TEST(!!check_json(nested(max_json_depth - 1)));
  const auto refused_depth = check_json(nested(max_json_depth + 1));
  BOOST_TEST_REQUIRE(!refused_depth);
  BOOST_TEST(refused_depth.error().text.find("64 levels") != std::string::npos);
  BOOST_TEST(!check_json(std::string(100'000, '[')));
}

BOOST_AUTO_TEST_CASE(a_small_body_cannot_become_a_large_message) {
  std::string body = R"({"all":[{})";
  for (int i = 0; i < 40'000; ++i) body += ",{}";
  body += "]}";
  const auto grown = read_json(crowd, body);
  BOOST_TEST_REQUIRE(!grown);
  BOOST_TEST((grown.error().why == cause::limit));
  BOOST_TEST(grown.error().text.find("max_payload") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_body_larger_than_the_kept_parser_is_read_with_the_same_limits) {
  std::string big = "[\"" + std::string(100'000, 'x') + "\"]";
  BOOST_TEST(there_and_back(json_type, big) == big);
  BOOST_TEST(
      !check_json(std::string(100'000, ' ') + std::string(100, '[') + std::string(100, ']')));
}

BOOST_AUTO_TEST_CASE(bytes_that_do_not_fit_their_type_are_corrupt_and_append_nothing) {
  std::string out = "before";
  const std::string short_integer = "123";
  for (const payload_type* type :
       {&boolean_type, &int16_type, &number_type, &texts_type, &everything}) {
    const auto written = append_json(out, *type, short_integer);
    BOOST_TEST_REQUIRE(!written);
    BOOST_TEST((written.error().why == cause::corrupt));
    BOOST_TEST(out == "before");
  }
  const std::string bad_element("\1\0\0\0\1\0\0\0x", 9);  // a list of one int16 of one byte
  BOOST_TEST(!append_json(out, scalar(payload_kind::list, 0, &int16_type), bad_element));
  BOOST_TEST(out == "before");
  const std::string wild("\0\0\0\0\1\0\0\0\xff\xff\xff\x7f\xff\xff\xff\x7f", 16);
  BOOST_TEST(!append_json(out, everything, wild));
  BOOST_TEST(out == "before");
}

BOOST_AUTO_TEST_CASE(json_that_user_code_spoilt_leaves_as_a_string) {
  std::string out;
  BOOST_TEST(!!append_json(out, json_type, "{oh"));
  BOOST_TEST(out == "\"{oh\"");
}

BOOST_AUTO_TEST_CASE(text_that_is_no_utf8_is_mended_on_the_way_out) {
  std::string out;
  append_quoted(out, "a\xff\xe2\x82z");
  BOOST_TEST(out == "\"a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdz\"");
  BOOST_TEST(!!check_json(out));
}

BOOST_AUTO_TEST_CASE(base64_of_every_length_goes_there_and_back) {
  std::string bytes;
  for (int i = 0; i < 300; ++i) {
    std::string text;
    append_base64(text, bytes);
    const auto back = from_base64(text);
    BOOST_TEST_REQUIRE(back.has_value());
    BOOST_TEST(*back == bytes);
    bytes += static_cast<char>(i * 7);
  }
  for (const char* bad : {"A", "AA", "AAA", "A===", "====", "AA=A", "A A=", "AAAA=AAA"})
    BOOST_TEST(!from_base64(bad), bad);
}

BOOST_AUTO_TEST_SUITE_END()
