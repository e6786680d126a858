#include <regex>
#include <string>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "gateway/json/json_in.hpp"
#include "tests/gateway/served.hpp"

namespace {

using namespace reprise;
using namespace reprise::gateway_test;
namespace data = boost::unit_test::data;
using strings = std::vector<std::string>;

const std::string json_type = "Content-Type: application/json\r\n";
const std::string bad_key =
    R"({"Message":"The entity key is not allowed: 1 to 256 bytes, not . or .., none of / \\ # ?, no leading @, no control characters and none that change the direction of text."})";

struct row {
  std::string what, method, target, body, fields;
  unsigned status;
  std::string answer;
};
std::ostream& operator<<(std::ostream& out, const row& r) { return out << r.what; }

// There is stock/tea, with 5 left.
const row rows[] = {
    {"signal", "POST", "/entities/stock/tea?op=put", R"({"quantity":3})", json_type, 202, ""},
    {"signal of a new one", "POST", "/entities/stock/oil?op=put", R"({"quantity":3})", json_type,
     202, ""},
    {"names in any case", "POST", "/Entities/STOCK/tea?OP=Put", R"({"quantity":3})", json_type, 202,
     ""},
    {"signal without input", "POST", "/entities/stock/tea?op=note", "", "", 202, ""},
    {"a refused signal", "POST", "/entities/stock/tea?op=take", R"({"quantity":9})", json_type, 202,
     ""},
    {"a signal that throws", "POST", "/entities/stock/tea?op=explode", "", "", 202, ""},
    {"text is a string", "POST", "/entities/stock/tea?op=same", "hello \"you\"",
     "Content-Type: text/plain\r\n", 202, ""},
    {"text where a struct is wanted", "POST", "/entities/stock/tea?op=put", R"({"quantity":3})",
     "Content-Type: text/plain\r\n", 400,
     R"({"Message":"Could not parse JSON content: at the top: wanted an object, came the string \"{\"quantity\":3}\""})"},
    {"no JSON", "POST", "/entities/stock/tea?op=put", "{oh", json_type, 400,
     R"({"Message":"Could not parse JSON content: Invalid JSON content: this is not one JSON value"})"},
    {"no such entity", "POST", "/entities/fish/tea?op=put", "", "", 400,
     R"({"Message":"The function 'fish' doesn't exist, is disabled, or is not an entity function."})"},
    {"no such operation", "POST", "/entities/stock/tea?op=burn", "", "", 400,
     R"({"Message":"No operation 'burn' is bound to entities of type stock"})"},
    {"no operation", "POST", "/entities/stock/tea", "", "", 400,
     R"({"Message":"No operation '' is bound to entities of type stock"})"},
    {"bad key", "POST", "/entities/stock/a%2Fb?op=put", "", "", 400, bad_key},
    {"state", "GET", "/entities/stock/tea", "", "", 200, R"({"quantity":0,"left":5})"},
    {"state, name in any case", "GET", "/entities/Stock/tea", "", "", 200,
     R"({"quantity":0,"left":5})"},
    {"state of nobody", "GET", "/entities/stock/oil", "", "", 404, ""},
    {"keys have their case", "GET", "/entities/stock/Tea", "", "", 404, ""},
    {"the product's empty key", "GET", "/entities/stock/$", "", "", 404, ""},
    {"state of an unknown type", "GET", "/entities/fish/tea", "", "", 404, ""},
    {"state under a bad key", "GET", "/entities/stock/@a", "", "", 400, bad_key},
    {"delete", "DELETE", "/entities/stock/tea", "", "", 202, ""},
    {"delete of nobody", "DELETE", "/entities/stock/oil", "", "", 202, ""},
    {"signal delete", "POST", "/entities/stock/tea?op=delete", "", "", 202, ""},
    {"delete of an unknown type", "DELETE", "/entities/fish/tea", "", "", 400,
     R"({"Message":"The function 'fish' doesn't exist, is disabled, or is not an entity function."})"},
    {"delete of all", "DELETE", "/entities/stock", "", "", 404, ""},
    {"signal to a type", "POST", "/entities/stock", "", "", 404, ""},
    {"PUT", "PUT", "/entities/stock/tea", "", "", 404, ""},
    {"too deep", "GET", "/entities/stock/tea/x", "", "", 404, ""},
    {"purge", "DELETE", "/instances/@stock@tea", "", "", 200, R"({"instancesDeleted":1})"},
    {"purge of nobody", "DELETE", "/instances/@stock@oil", "", "", 200,
     R"({"instancesDeleted":0})"},
    {"purge of an unknown type", "DELETE", "/instances/@fish@tea", "", "", 200,
     R"({"instancesDeleted":0})"},
    {"purge of no entity id", "DELETE", "/instances/@stock", "", "", 200,
     R"({"instancesDeleted":0})"},
    {"make primary", "POST", "/makeprimary", "", "", 200, ""},
    {"make primary, any method", "GET", "/makeprimary", "", "", 200, ""},
    {"make primary, any case", "POST", "/MakePrimary", "", "", 200, ""},
};

std::string keys_of(const std::string& body) {
  static const std::regex id(R"re("entityId":\{"name":"([^"]*)","key":"([^"]*)"\})re");
  std::string all;
  for (std::sregex_iterator at(body.begin(), body.end(), id), end; at != end; ++at)
    all += (all.empty() ? "" : " ") + (*at)[1].str() + "/" + (*at)[2].str();
  return all;
}

std::string state_of(served& s, const std::string& key) {
  return s.ask("GET", df("/entities/stock/") + key).body;
}

// Three shelves and two cups.
struct five_entities : served {
  five_entities() {
    for (const std::string key : {"stock/a", "stock/b", "stock/c"})
      BOOST_TEST_REQUIRE(
          post_json(df("/entities/") + key + "?op=put", R"({"quantity":1})").status == 202u);
    for (const std::string key : {"cup/x", "cup/y"})
      BOOST_TEST_REQUIRE(post_json(df("/entities/") + key + "?op=pour", "7").status == 202u);
  }
};

struct list_row {
  std::string target, keys;
};
std::ostream& operator<<(std::ostream& out, const list_row& r) { return out << r.target; }

const list_row lists[] = {
    {"/entities", "cup/x cup/y stock/a stock/b stock/c"},
    {"/entities/", "cup/x cup/y stock/a stock/b stock/c"},
    {"/entities/STOCK", "stock/a stock/b stock/c"},
    {"/entities/cup", "cup/x cup/y"},
    {"/entities/meter", ""},
    {"/entities/fish", ""},
    {"/entities?lastOperationTimeFrom=2200-01-01", ""},
    {"/entities?lastOperationTimeTo=2000-01-01", ""},
    {"/entities?lastOperationTimeFrom=2000-01-01&lastOperationTimeTo=2200-01-01",
     "cup/x cup/y stock/a stock/b stock/c"},
    {"/entities?lastOperationTimeFrom=now", "cup/x cup/y stock/a stock/b stock/c"},
};

strings pages_of(served& s, const std::string& target) {
  strings pages;
  std::string token;
  do {
    const auto page = s.ask("GET", df(target), "", "x-ms-continuation-token: " + token + "\r\n");
    BOOST_TEST_REQUIRE(page.status == 200u);
    pages.push_back(keys_of(page.body));
    token = page.field("x-ms-continuation-token");
  } while (!token.empty());
  return pages;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(entity_routes)

BOOST_DATA_TEST_CASE(each_request_has_its_answer, data::make(rows), one) {
  served s;
  BOOST_TEST_REQUIRE(s.post_json(df("/entities/stock/tea?op=put"), R"({"quantity":5})").status ==
                     202u);
  BOOST_TEST_REQUIRE(s.post_json("/v1/actors/stock/tea/take", R"({"quantity":0})").status == 200u);
  const auto answer = s.ask(one.method, df(one.target), one.body, one.fields);
  BOOST_TEST(answer.status == one.status);
  BOOST_TEST(answer.body == one.answer);
  if (!answer.body.empty())
    BOOST_TEST(answer.field("Content-Type") == "application/json; charset=utf-8");
}

BOOST_AUTO_TEST_CASE(a_signal_has_had_its_effect_when_it_is_answered) {
  served s;
  s.post_json(df("/entities/stock/tea?op=put"), R"({"quantity":5})");
  BOOST_TEST(state_of(s, "tea") == R"({"quantity":0,"left":5})");
  s.post_json(df("/entities/stock/tea?op=take"), R"({"quantity":2})");
  BOOST_TEST(state_of(s, "tea") == R"({"quantity":0,"left":3})");
  s.post_json(df("/entities/stock/tea?op=take"), R"({"quantity":9})");
  BOOST_TEST(state_of(s, "tea") == R"({"quantity":0,"left":3})");
  s.ask("DELETE", df("/entities/stock/tea"));
  BOOST_TEST(s.ask("GET", df("/entities/stock/tea")).status == 404u);
}

BOOST_AUTO_TEST_CASE(a_signal_with_an_idempotency_key_happens_once) {
  served s;
  const std::string key = "Idempotency-Key: k\r\n";
  const auto put = df("/entities/stock/tea?op=put");
  BOOST_TEST(s.post_json(put, R"({"quantity":5})", key).status == 202u);
  BOOST_TEST(s.post_json(put, R"({"quantity":5})", key).status == 202u);
  BOOST_TEST(s.post_json(put, R"({"quantity":6})", key).status == 422u);
  BOOST_TEST(state_of(s, "tea") == R"({"quantity":0,"left":5})");
}

BOOST_AUTO_TEST_CASE(an_operation_named_delete_decides_itself) {
  served s;
  s.post_json(df("/entities/cup/x?op=pour"), "7");
  BOOST_TEST(s.ask("DELETE", df("/entities/cup/x")).status == 202u);
  BOOST_TEST(s.ask("GET", df("/entities/cup/x")).body == "-1");
}

BOOST_DATA_TEST_CASE(a_list_has_the_entities_that_match_its_filter, data::make(lists), one) {
  five_entities s;
  const auto answer = s.ask("GET", df(one.target));
  BOOST_TEST(answer.status == 200u);
  BOOST_TEST(keys_of(answer.body) == one.keys);
  BOOST_TEST(answer.field("x-ms-continuation-token") == "");
}

BOOST_AUTO_TEST_CASE(an_item_has_its_state_when_it_is_asked_for) {
  five_entities s;
  const std::regex item(
      R"re(\[\{"entityId":\{"name":"cup","key":"x"\},"lastOperationTime":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z","state":(null|7)\}\])re");
  std::smatch found;
  const auto bare = s.ask("GET", df("/entities/cup?top=1")).body;
  BOOST_TEST_REQUIRE(std::regex_match(bare, found, item), bare);
  BOOST_TEST(found[1].str() == "null");
  const auto full = s.ask("GET", df("/entities/cup?top=1&fetchState=true")).body;
  BOOST_TEST_REQUIRE(std::regex_match(full, found, item), full);
  BOOST_TEST(found[1].str() == "7");
}

BOOST_AUTO_TEST_CASE(pages_go_on_where_the_token_says_across_types) {
  five_entities s;
  BOOST_TEST(pages_of(s, "/entities?top=3") == (strings{"cup/x cup/y stock/a", "stock/b stock/c"}),
             boost::test_tools::per_element());
  BOOST_TEST(pages_of(s, "/entities/stock?top=2") == (strings{"stock/a stock/b", "stock/c"}),
             boost::test_tools::per_element());
  // A page that nothing fits goes on too.
  BOOST_TEST(
      pages_of(s, "/entities/stock?top=2&lastOperationTimeTo=2000-01-01") == (strings{"", ""}),
      boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_strange_token_is_refused) {
  five_entities s;
  const auto instances = s.ask("POST", df("/orchestrators/echo/a?timeout=60")).status;
  BOOST_TEST(instances == 200u);
  for (const std::string token : {"nonsense", "aWE", "ZWE", "ZWEv"}) {  // "ia", "ea", "ea/"
    const auto answer =
        s.ask("GET", df("/entities"), "", "x-ms-continuation-token: " + token + "\r\n");
    BOOST_TEST(answer.status == 400u);
    BOOST_TEST(answer.body ==
               R"({"Message":"x-ms-continuation-token is not a token of this list"})");
  }
}

BOOST_AUTO_TEST_SUITE_END()
