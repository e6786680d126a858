#include <string>

#include <boost/test/unit_test.hpp>

#include "gateway/internal/entity_tag.hpp"

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
  for (const std::string list : {"\"a\"", "*", "W/\"a\"", "\"b\", \"a\"", "\"b\",\"a\" ,\"c\""})
    BOOST_TEST(is_among("\"a\"", list), list);
  for (const std::string list : {"", "a", "\"b\"", "W/\"b\"", "w/\"a\"", ",", "\"aa\""})
    BOOST_TEST(!is_among("\"a\"", list), list);
}

BOOST_AUTO_TEST_SUITE_END()
