#include "gateway/json/json_cursor.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "gateway/json/json_in.hpp"

namespace {

using namespace reprise::gateway;
using strings = std::vector<std::string>;

strings parts_of(std::string_view text) {
  strings all;
  json_cursor at(text);
  while (const auto part = at.next()) all.emplace_back(*part);
  BOOST_TEST(!at.next().has_value());
  return all;
}

struct row {
  const char* text;
  strings parts;
};
const row rows[] = {
    {"[]", {}},
    {" [ \n ] ", {}},
    {"{}", {}},
    {"[1]", {"1"}},
    {" [ 1 ,\t-2.5e3 , true,null ] ", {"1", "-2.5e3", "true", "null"}},
    {R"({"a":1,"b" : [ 2 , 3 ] })", {R"("a")", "1", R"("b")", "[ 2 , 3 ]"}},
    {R"([[1,[2]],{"a":{"b":[]}},[]])", {"[1,[2]]", R"({"a":{"b":[]}})", "[]"}},
    {R"(["]","}",",",":","\"","\\",""])",
     {R"("]")", R"("}")", R"(",")", R"(":")", R"("\"")", R"("\\")", R"("")"}},
    {R"({"a\"b]":"{","":""})", {R"("a\"b]")", R"("{")", R"("")", R"("")"}},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(json_cursors)

BOOST_AUTO_TEST_CASE(each_part_is_given_as_it_stands_there) {
  for (const auto& one : rows) {
    BOOST_TEST(static_cast<bool>(check_json(one.text)), one.text);
    BOOST_TEST((parts_of(one.text) == one.parts), one.text);
  }
}

BOOST_AUTO_TEST_CASE(the_parts_are_pieces_of_the_text) {
  const std::string text = R"({"a": [1]})";
  json_cursor at(text);
  BOOST_TEST((at.next()->data() == text.data() + 1));
  BOOST_TEST((at.next()->data() == text.data() + 6));
}

BOOST_AUTO_TEST_SUITE_END()
