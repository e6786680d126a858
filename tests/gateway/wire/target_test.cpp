#include <boost/test/unit_test.hpp>

#include "gateway/json/text.hpp"
#include "gateway/wire/target.hpp"

namespace {
using namespace reprise::gateway;
using strings = std::vector<std::string>;
}  // namespace

BOOST_AUTO_TEST_SUITE(targets)

BOOST_AUTO_TEST_CASE(a_path_is_split_before_it_is_decoded) {
  BOOST_TEST(parse_target("/a/b%2Fc/d+e")->segments == (strings{"a", "b/c", "d+e"}),
             boost::test_tools::per_element());
  BOOST_TEST(parse_target("//a//b/")->segments == (strings{"", "a", "", "b", ""}),
             boost::test_tools::per_element());
  BOOST_TEST(parse_target("/a/?b=c")->segments == (strings{"a", ""}),
             boost::test_tools::per_element());
  BOOST_TEST(parse_target("/")->segments.empty());
  BOOST_TEST(parse_target("/%2e%2e/x")->segments == (strings{"..", "x"}),
             boost::test_tools::per_element());
  BOOST_TEST(parse_target("/%2541")->segments == strings{"%41"},
             boost::test_tools::per_element());  // once
}

BOOST_AUTO_TEST_CASE(a_name_can_be_told_in_the_case_it_came_in) {
  const std::string raw = "/a?ShowInput=1&&%42are&N+1=x";
  BOOST_TEST(parse_target(raw)->query.size() == 3u);
  BOOST_TEST(name_as_sent(raw, 0) == "ShowInput");
  BOOST_TEST(name_as_sent(raw, 1) == "Bare");
  BOOST_TEST(name_as_sent(raw, 2) == "N 1");
  BOOST_TEST(name_as_sent(raw, 3) == "");
  BOOST_TEST(name_as_sent("/a", 0) == "");
}

BOOST_AUTO_TEST_CASE(a_query_is_decoded_and_its_names_have_no_case) {
  const auto t =
      parse_target("/a?ShowInput=FALSE&reason=a+b%20c&empty=&bare&reason=second&n=1.5&m=1x");
  BOOST_TEST(!t->flag("showinput", true));
  BOOST_TEST(t->flag("reason", true));
  BOOST_TEST(t->flag("none", true));
  BOOST_TEST(*t->find("reason") == "a b c");
  BOOST_TEST(*t->find("empty") == "");
  BOOST_TEST(*t->find("bare") == "");
  BOOST_TEST((t->find("none") == nullptr));
  BOOST_TEST(t->number("n").value() == 1.5);
  BOOST_TEST(!t->number("m").has_value());
}

BOOST_AUTO_TEST_CASE(a_code_is_replaced_wherever_it_stands) {
  const std::pair<const char*, const char*> table[] = {
      {"/a?code=key", "/a?code=new"},
      {"/a%20b?x=1&C%6Fde=key&y=%26", "/a%20b?x=1&y=%26&code=new"},
      {"/a?code=one&code=two&code", "/a?code=new"},
      {"/a", "/a?code=new"},
      {"/a?codes=1", "/a?codes=1&code=new"},
  };
  for (const auto& [raw, replaced] : table) BOOST_TEST(with_code(raw, "new") == replaced);
  BOOST_TEST(with_code("/a?code=key", "") == "/a");
  BOOST_TEST(with_code("/a?b=c&code=key", "") == "/a?b=c");
}

BOOST_AUTO_TEST_CASE(a_target_with_hidden_or_broken_characters_is_refused) {
  for (const char* bad : {"/%", "/%4", "/%4g", "/%00", "/%0d%0a", "/%7f", "/%ff", "/%c0%af",
                          "/%ed%a0%80", "/a?b=%", "/a?%ff=b", "/a?b=%0a"})
    BOOST_TEST(!parse_target(bad), bad);
}

BOOST_AUTO_TEST_CASE(a_text_of_others_is_shown_with_its_hidden_characters_escaped) {
  BOOST_TEST(visible("tea \xc3\xa9 \\ \xf0\x9f\x98\x80") == "tea \xc3\xa9 \\ \xf0\x9f\x98\x80");
  BOOST_TEST(visible(std::string("a\0b", 3)) == R"(a\u0000b)");
  BOOST_TEST(visible("\n\r\t\x1b\x7f") == R"(\n\r\t\u001b\u007f)");
  BOOST_TEST(visible("\xc2\x80\xc2\x9f\xc2\xa0") == "\\u0080\\u009f\xc2\xa0");
  BOOST_TEST(visible("\xe2\x80\xaa\xe2\x80\xae\xe2\x81\xa6\xe2\x81\xa9") ==
             R"(\u202a\u202e\u2066\u2069)");
  BOOST_TEST(visible("\xff\xc3(\xe2\x80") == R"(\xff\xc3(\xe2\x80)");
  BOOST_TEST(visible_json("{\n\"a\": \"\xc2\x9b\x7f\xc3\xa9\"}") ==
             "{\n\"a\": \"\\u009b\\u007f\xc3\xa9\"}");
}

BOOST_AUTO_TEST_CASE(percent_encoding_goes_there_and_back) {
  std::string all;
  for (int c = 0x20; c < 0x7f; ++c) all += static_cast<char>(c);
  all += "\xc3\xa9\xf0\x9f\x98\x80";
  std::string encoded;
  append_percent(encoded, all);
  BOOST_TEST(encoded.find_first_of(" /?#&=+%\"<>") == encoded.find('%'));
  BOOST_TEST(*from_percent(encoded, plus::is_space) == all);
}

BOOST_AUTO_TEST_SUITE_END()
