#include "gateway/json/time_text.hpp"

#include <string>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "gateway/api/cursor.hpp"

using namespace reprise;
using namespace reprise::gateway;
namespace data = boost::unit_test::data;

namespace {

struct row {
  std::string text, shown;  // with ticks; "": it is no time
};
std::ostream& operator<<(std::ostream& out, const row& r) { return out << '"' << r.text << '"'; }

const row rows[] = {
    {"2026-01-02T03:04:05Z", "2026-01-02T03:04:05.0000000Z"},
    {"2026-01-02T03:04:05", "2026-01-02T03:04:05.0000000Z"},
    {"2026-01-02 03:04", "2026-01-02T03:04:00.0000000Z"},
    {"2026-01-02", "2026-01-02T00:00:00.0000000Z"},
    {"2026-01-02T03:04:05.6789012Z", "2026-01-02T03:04:05.6789012Z"},
    {"2026-01-02T03:04:05.1234567899Z", "2026-01-02T03:04:05.1234567Z"},
    {"2026-01-02T03:04:05+02:00", "2026-01-02T01:04:05.0000000Z"},
    {"2026-01-02T03:04:05 02:00", "2026-01-02T01:04:05.0000000Z"},
    {"2026-01-01T23:04:05-0530", "2026-01-02T04:34:05.0000000Z"},
    {"1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59.5000000Z"},
    {"2024-02-29", "2024-02-29T00:00:00.0000000Z"},
    {"0001-01-01T00:00:00Z", "1677-09-21T00:12:43.1452241Z"},
    {"9999-12-31T23:59:59Z", "2262-04-11T23:47:16.8547758Z"},
    {"", ""},
    {"yesterday", ""},
    {"2026-1-2", ""},
    {"2026-02-29", ""},
    {"2026-13-01", ""},
    {"2026-01-02T", ""},
    {"2026-01-02T24:00", ""},
    {"2026-01-02T03", ""},
    {"2026-01-02T03:04:05.", ""},
    {"2026-01-02T03:04:05ZZ", ""},
    {"2026-01-02T03:04:05+2", ""},
    {"2026-01-02T03:04:05+15:00", ""},
    {"-026-01-02", ""},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(time_text)

BOOST_DATA_TEST_CASE(a_time_is_read_or_it_is_none, data::make(rows), one) {
  const auto t = read_time(one.text);
  BOOST_TEST(t.has_value() == !one.shown.empty());
  if (!t) return;
  std::string shown;
  append_time(shown, *t, precision::ticks);
  BOOST_TEST(shown == one.shown);
}

BOOST_AUTO_TEST_CASE(digits_of_a_time_beyond_the_shown_precision_are_cut_off) {
  for (const std::string second : {"2026-01-02T03:04:05", "1969-12-31T23:59:59"})
    for (const std::string finer : {"0", "9", "00", "89", "99", "9999999999999999999999"})
      BOOST_TEST((read_time(second + ".1234567" + finer + "Z") == read_time(second + ".1234567Z")),
                 second << ' ' << finer);
}

// A time that is kept is shown as it was given; one that cannot be is refused.
BOOST_AUTO_TEST_CASE(a_time_that_cannot_be_kept_is_none) {
  for (const char* text : {"0001-01-01", "1677-09-21T00:12:43Z", "2262-04-11T23:47:16Z",
                           "2262-04-12", "9999-12-31T23:59:59Z", "soon"})
    BOOST_TEST(!read_kept_time(text), text);
  for (const std::string text : {"1677-09-21T00:12:45.0000000Z", "1969-12-31T23:59:59.9999999Z",
                                 "1970-01-01T00:00:00.0000000Z", "2262-04-11T23:47:15.9999999Z"}) {
    const auto t = read_kept_time(text);
    BOOST_TEST_REQUIRE(t.has_value(), text);
    std::string shown;
    append_time(shown, *t, precision::ticks);
    BOOST_TEST(shown == text);
  }
}

// The border between two texts, in nanoseconds on both sides of it and of the epoch.
BOOST_AUTO_TEST_CASE(the_last_time_shown_as_a_text_is_one_nanosecond_before_the_next_text) {
  const auto shown = [](time_point t, precision p) {
    std::string text;
    append_time(text, t, p);
    return text;
  };
  for (const auto p : {precision::ticks, precision::seconds})
    for (const std::int64_t base :
         {std::int64_t{0}, std::int64_t{-1'500'000'000}, std::int64_t{1'796'000'000'123'456'789}})
      for (std::int64_t ns = -101; ns <= 101; ++ns) {
        const time_point t{duration(base + ns)};
        const auto last = last_shown_as(t, p);
        BOOST_TEST(shown(last, p) == shown(t, p));
        BOOST_TEST(shown(last + duration(1), p) != shown(t, p));
      }
  BOOST_TEST((last_shown_as(time_point::max(), precision::seconds) == time_point::max()));
  BOOST_TEST((last_shown_as(time_point::min(), precision::ticks) >= time_point::min()));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(cursor)

BOOST_AUTO_TEST_CASE(a_token_gives_back_its_place) {
  for (const std::string place : {"a", "ab", "abc", "\xc3\xa9?>~", "order/1"}) {
    const auto token = cursor_of(cursor_kind::instances, place);
    BOOST_TEST(token.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123"
                                       "456789-_") == std::string::npos);
    BOOST_TEST(read_cursor(cursor_kind::instances, token).value_or("none") == place);
    BOOST_TEST(!read_cursor(cursor_kind::entities, token));
  }
  BOOST_TEST(cursor_of(cursor_kind::instances, "") == "");
  BOOST_TEST(read_cursor(cursor_kind::instances, "").value_or("none") == "");
}

BOOST_AUTO_TEST_CASE(a_malformed_token_is_not_read) {
  for (const std::string text : {"a", "!", "aQ==", "aQ", "aW+/", "aWE\n", "abcd="})
    BOOST_TEST(!read_cursor(cursor_kind::instances, text), text);
}

BOOST_AUTO_TEST_SUITE_END()
