#include <cstdint>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "gateway/wire/entity_tag.hpp"

namespace {
using namespace reprise::gateway;
}  // namespace

BOOST_AUTO_TEST_SUITE(entity_tags)

BOOST_AUTO_TEST_CASE(equal_texts_have_equal_tags) {
  BOOST_TEST(tag_of("a") == tag_of("a"));
  BOOST_TEST(tag_of("a") != tag_of("b"));
  BOOST_TEST(tag_of("").size() == 34u);
  BOOST_TEST((tag_of("").front() == '"' && tag_of("").back() == '"'));
}

BOOST_AUTO_TEST_CASE(a_tag_is_found_in_a_list) {
  const std::string plain = "\"a\"", packed = "\"a-gzip\"";
  BOOST_TEST(gzip_tag(plain) == packed);
  for (const std::string list : {"\"a\"", "*", "W/\"a\"", "\"b\", \"a\"", "\"b\",\"a\" ,\"c\""})
    BOOST_TEST(found_among(plain, list) == plain, list);
  for (const std::string list : {"\"a-gzip\"", "W/\"a-gzip\"", "\"b\", \"a-gzip\""})
    BOOST_TEST(found_among(plain, list) == packed, list);
  for (const std::string list : {"", "a", "\"b\"", "W/\"b\"", "w/\"a\"", ",", "\"aa\"", "\"",
                                 "\"\"", "\"a-gzip", "-gzip\"", "a-gzip\""})
    BOOST_TEST(found_among(plain, list) == "", list);
}

BOOST_AUTO_TEST_CASE(a_condition_names_states) {
  using kind = reprise::precondition::kind;
  const auto tag = actor_tag(0xab, "{}");
  BOOST_TEST(tag.size() == 34u);
  BOOST_TEST(tag.starts_with("\"00000000000000ab"));
  BOOST_TEST(actor_tag(0xab, "{}") != actor_tag(0xab, "[]"));
  struct {
    std::string if_match, if_none_match;
    kind what;
    std::vector<std::uint64_t> tags;
  } const rows[] = {
      {tag, "", kind::state_among, {0xab}},
      {gzip_tag(tag), "", kind::state_among, {0xab}},
      {"\"x\", " + tag + "," + actor_tag(1, ""), "", kind::state_among, {0xab, 1}},
      {"W/" + tag, "", kind::state_among, {}},  // RFC 9110, 13.1.1: strong comparison
      {"\"00000000000000ag0000000000000000\"", "", kind::state_among, {}},
      {"\"x\"", "", kind::state_among, {}},
      {"nothing", "", kind::state_among, {}},
      {"*", "", kind::exists, {}},
      {"", "*", kind::absent, {}},
  };
  for (const auto& [if_match, if_none_match, what, tags] : rows) {
    http_request request;
    request.if_match = if_match;
    request.if_none_match = if_none_match;
    const auto found = condition_of(request);
    BOOST_TEST_REQUIRE((found && *found), if_match);
    BOOST_TEST(((*found)->what == what), if_match);
    BOOST_TEST((*found)->tags == tags, boost::test_tools::per_element());
  }
  http_request request;
  BOOST_TEST(!condition_of(request)->has_value());
  for (const auto& none : {tag, "*, " + tag, tag + ", *"}) {
    request.if_none_match = none;
    BOOST_TEST((condition_of(request).error().why == reprise::cause::invalid), none);
  }
  request.if_none_match = "*";
  request.if_match = tag;
  BOOST_TEST((condition_of(request).error().why == reprise::cause::invalid));
}

BOOST_AUTO_TEST_SUITE_END()
