#include <string>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "gateway/wire/preference.hpp"

namespace {

using namespace reprise::gateway;
using namespace std::chrono_literals;
namespace data = boost::unit_test::data;

struct row {
  std::string field;
  int seconds;  // -1: there is none
};
std::ostream& operator<<(std::ostream& out, const row& r) { return out << '"' << r.field << '"'; }

const row rows[] = {
    {"", -1},
    {"respond-async", -1},
    {"wait=10", 10},
    {"Wait = 10", 10},
    {"respond-async, wait=5", 5},
    {"wait=5,respond-async", 5},
    {"wait=0", 0},
    {"wait=3600", 60},
    {"wait=-1", -1},
    {"wait=1.5", -1},
    {"wait=soon, wait=2", 2},
    {"wait=", -1},
    {"wait", -1},
    {"awaiting=3", -1},
    {"wait=99999999999999999999", -1},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(preferences)

BOOST_DATA_TEST_CASE(a_wait_is_read_from_the_field, data::make(rows), one) {
  http_request request;
  request.prefer = one.field;
  const auto wait = preferred_wait(request, 60s);
  BOOST_TEST((wait ? wait->count() : -1) == one.seconds);
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_not_wanted_is_read_from_the_field) {
  http_request request;
  for (const char* field :
       {"respond-async", "wait=5, Respond-Async", " respond-async ;x=1,wait=2"}) {
    request.prefer = field;
    BOOST_TEST(prefers_async(request), field);
  }
  for (const char* field : {"", "wait=5", "respond-asynchronously", "x;respond-async"}) {
    request.prefer = field;
    BOOST_TEST(!prefers_async(request), field);
  }
}

BOOST_AUTO_TEST_CASE(an_applied_preference_is_confirmed) {
  http_response waited, told;
  confirm_wait(waited, 7s);
  confirm_async(told);
  for (const auto* answer : {&waited, &told}) {
    BOOST_TEST_REQUIRE(answer->fields.size() == 1u);
    BOOST_TEST(answer->fields[0].first == "Preference-Applied");
  }
  BOOST_TEST(waited.fields[0].second == "wait=7");
  BOOST_TEST(told.fields[0].second == "respond-async");
}

BOOST_AUTO_TEST_SUITE_END()
