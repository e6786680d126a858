// Numbers, texts and times at their borders, in and out, on both surfaces and through the command line: what
// can be held comes back as it is, what cannot is refused, and nothing becomes something else.

#include <string>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "gateway/json/json_in.hpp"
#include "gateway/json/time_text.hpp"
#include "tests/gateway/cli/command_line.hpp"
#include "tests/gateway/v1/five_instances.hpp"

namespace {

using namespace reprise;
using namespace reprise::gateway_test;
using gateway::json_member;
using gateway::json_text;
using namespace std::chrono_literals;
namespace data = boost::unit_test::data;

struct row {
  std::string member, in, out;  // "": refused
};
std::ostream& operator<<(std::ostream& out, const row& r) {
  return out << r.member << ": " << r.in;
}

const row rows[] = {
    {"big", "9223372036854775807", R"("9223372036854775807")"},
    {"big", R"("-9223372036854775808")", R"("-9223372036854775808")"},
    {"big", "9223372036854775808", ""},
    {"big", R"("9223372036854775808")", ""},
    {"big", "9007199254740992", "9007199254740992"},
    {"big", "9007199254740993", R"("9007199254740993")"},
    {"big", "9007199254740993.0", R"("9007199254740993")"},
    {"big", "1e18", R"("1000000000000000000")"},
    {"big", "1e19", ""},
    {"big", "1e-400", ""},
    {"big", "-0.0", "0"},
    {"huge", "18446744073709551615", R"("18446744073709551615")"},
    {"huge", "1.8446744073709551615e19", R"("18446744073709551615")"},
    {"huge", "18446744073709551616", ""},
    {"huge", "-1", ""},
    {"tiny", "127", "127"},
    {"tiny", "128", ""},
    {"tiny", "1.27e2", "127"},
    {"tiny", "1.5", ""},
    {"small", "65535.0", "65535"},
    {"count", "4294967296", ""},
    {"ratio", "-0.0", "-0.0"},
    {"ratio", "-0", "-0.0"},
    {"ratio", "5e-324", "5e-324"},
    {"ratio", "1.7976931348623157e308", "1.7976931348623157e+308"},
    {"ratio", "1e309", ""},
    {"ratio", "100000000000000000000", "1e+20"},
    {"ratio", R"("-Infinity")", R"("-Infinity")"},
    {"single", "3.4028234663852886e38", "3.4028235e+38"},
    {"single", "3.5e38", ""},
    {"single", "1e-46", "0"},
    {"name", R"("nul\u0000evil")", R"("nul\u0000evil")"},
    {"name", R"("\ud83d\ude00\uffff")", "\"\U0001f600\uffff\""},
    {"name", R"("\ud83d")", ""},
};

std::string body_of(const row& r) { return "{\"" + r.member + "\":" + r.in + "}"; }

// `output` of an instance, or of a start that waited for it.
std::string shown(unsigned status, const std::string& json, const std::string& member) {
  if (status >= 400) return "";
  return json_text(json, member);
}

std::string created_of(served& s, const std::string& id) {
  return json_member(s.ask("GET", "/v1/instances/" + id).body, "created");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(borders)

BOOST_DATA_TEST_CASE(a_value_comes_back_or_is_refused_on_both_surfaces, data::make(rows), one) {
  served s;
  const auto v1 = s.post_json("/v1/orchestrations/mirror", body_of(one), "Prefer: wait=60\r\n");
  BOOST_TEST(shown(v1.status, json_text(v1.body, "output"), one.member) == one.out);
  if (one.out.empty()) BOOST_TEST(v1.status == 400u);
  const auto functions = s.ask("POST", df("/orchestrators/mirror?timeout=60"), body_of(one),
                               "Content-Type: application/json\r\n");
  BOOST_TEST(shown(functions.status, functions.body, one.member) == one.out);
  if (one.out.empty()) BOOST_TEST(functions.status == 400u);
}

BOOST_AUTO_TEST_CASE(the_command_line_passes_border_values_on_unchanged) {
  serving server;
  for (const auto& one : rows) {
    const auto ended = server.client({"start", "mirror", "--input", body_of(one), "--wait"});
    BOOST_TEST((ended.code == 0) == !one.out.empty(), body_of(one) << ended.err);
    if (ended.code == 0) BOOST_TEST(json_text(ended.out, one.member) == one.out, ended.out);
  }
}

// What an instance shows as its beginning is a bound that includes it, as the first and as the last.
BOOST_AUTO_TEST_CASE(a_time_that_is_shown_is_the_one_that_is_compared) {
  five_instances s;
  for (const std::string id : {"a-1", "a-2", "a-3", "b-1", "b-2"}) {
    const auto created = created_of(s, id);
    for (const std::string bound : {"created_from", "created_to"}) {
      const auto page = s.ask("GET", "/v1/instances?" + bound + "=" + created).body;
      BOOST_TEST((" " + words_of(page, "id") + " ").find(" " + id + " ") != std::string::npos,
                 bound << "=" << created << ": " << words_of(page, "id"));
    }
    const auto status = s.ask("GET", df("/instances/" + id)).body;
    const auto second = json_member(status, "createdTime");
    const auto page = s.ask("GET", df("/instances?createdTimeTo=" + second)).body;
    BOOST_TEST(words_of(page, "instanceId").find(id) != std::string::npos, second);
  }
  const auto last = created_of(s, "a-1");
  const auto purged = s.ask("DELETE", "/v1/instances?prefix=a-1&created_to=" + last);
  BOOST_TEST(json_text(purged.body, "purged") == "1");
  const auto second = json_member(s.ask("GET", df("/instances/a-2")).body, "createdTime");
  const auto gone =
      s.ask("DELETE", df("/instances?createdTimeFrom=" + second + "&createdTimeTo=" + second));
  BOOST_TEST(gone.status == 200u);
}

// Digits that no time shows are no part of a bound, be it the first or the last.
BOOST_AUTO_TEST_CASE(a_bound_that_is_finer_than_what_is_shown_is_cut) {
  five_instances s;
  const std::string id = "a-2";
  const auto created = created_of(s, id);  // with seven digits and a Z
  const auto has = [&](const std::string& ids) {
    return (" " + ids + " ").find(" " + id + " ") != std::string::npos;
  };
  for (const std::string digits : {"0", "9", "00", "99"}) {
    const auto finer = created.substr(0, created.size() - 1) + digits + "Z";
    for (const std::string bound : {"created_from", "created_to"}) {
      const auto page = s.ask("GET", "/v1/instances?" + bound + "=" + finer).body;
      BOOST_TEST(has(words_of(page, "id")), bound << '=' << finer);
      const auto option = bound == "created_from" ? "--created-from" : "--created-to";
      const auto listed = run({"list", option, finer, "--server", s.url(), "-o", "json"});
      BOOST_TEST(listed.code == 0, listed.err);
      BOOST_TEST(listed.out.find('"' + id + '"') != std::string::npos, bound << '=' << finer);
    }
    for (const std::string bound : {"createdTimeFrom", "createdTimeTo"}) {
      const auto page = s.ask("GET", df("/instances?" + bound + "=" + finer)).body;
      BOOST_TEST(has(words_of(page, "instanceId")), bound << '=' << finer);
    }
  }
  // One that was created a moment after the bound is not before it.
  auto before = *gateway::read_time(created) - 1ns;
  std::string last;
  gateway::append_time(last, before, gateway::precision::ticks);
  last.insert(last.size() - 1, "99");
  BOOST_TEST(!has(words_of(s.ask("GET", "/v1/instances?created_to=" + last).body, "id")), last);
  BOOST_TEST(
      !has(words_of(s.ask("GET", df("/instances?createdTimeTo=" + last)).body, "instanceId")));
}

BOOST_AUTO_TEST_CASE(a_time_that_cannot_be_kept_is_refused) {
  served s;
  for (const std::string at : {"9999-12-31T23:59:59Z", "2262-04-12", "0001-01-01"}) {
    const auto body = R"({"orchestration":"echo","at":")" + at + "\"}";
    BOOST_TEST(s.post_json("/v1/instances", body).status == 400u, at);
    BOOST_TEST(s.ask("POST", "/v1/orchestrations/echo?at=" + at).status == 400u, at);
  }
  const std::string latest = "2262-04-11T23:47:15.9999999Z";
  s.post_json("/v1/instances", R"({"orchestration":"echo","id":"late","at":")" + latest + "\"}");
  BOOST_TEST(json_member(s.ask("GET", "/v1/instances/late").body, "due") == latest);
  // A bound beyond all times fits all of them: DateTime.MaxValue of .NET.
  const auto all = s.ask("GET", df("/instances?createdTimeTo=9999-12-31T23:59:59.9999999Z")).body;
  BOOST_TEST(words_of(all, "instanceId") == "late");
}

BOOST_AUTO_TEST_SUITE_END()
