// A range read page by page, whoever answers and when.

#include "runtime/reading/page_reader.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

using namespace reprise;
using namespace reprise::runtime;
using persistence::load_answer;
using persistence::load_request;
using then = page_reader::then;

namespace {

// `count` numbered records, one a page.
load_answer page_of(std::uint64_t count, const load_request& asked) {
  const auto number = asked.first == "first" ? 0 : std::stoull(asked.first) + 1;
  load_answer a;
  a.entries.emplace_back(std::to_string(number), "");
  a.more = number + 1 < count;
  return a;
}

load_request from_the_first() {
  load_request r;
  r.first = "first";
  return r;
}

// How far apart the frames of one thread were.
class stack_depth {
 public:
  void look() {
    const char here = 0;
    const auto at = reinterpret_cast<std::uintptr_t>(&here);
    low_ = std::min(low_, at);
    high_ = std::max(high_, at);
  }
  std::uintptr_t bytes() const { return high_ - low_; }

 private:
  std::uintptr_t low_ = ~std::uintptr_t{0}, high_ = 0;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(pages)

BOOST_AUTO_TEST_CASE(a_million_pages_answered_at_once_take_the_stack_of_one) {
  constexpr std::uint64_t count = 1'000'000;
  stack_depth stack;
  std::uint64_t used = 0;
  page_reader::begin(
      [&](load_request asked, callback<load_answer> done) { done(page_of(count, asked)); },
      from_the_first(),
      [&](const load_request&, load_answer& a) {
        stack.look();
        BOOST_TEST_REQUIRE(a.entries.front().first == std::to_string(used));
        ++used;
        return then::go_on;
      });
  BOOST_TEST(used == count);
  BOOST_TEST(stack.bytes() < 4096u);
}

// At once, later, or in turns: the same pages in the same order.
BOOST_AUTO_TEST_CASE(answers_may_come_at_once_or_later) {
  for (const unsigned pattern : {0b0000u, 0b1111u, 0b0101u, 0b0011u}) {
    callback<> later;
    std::vector<std::string> seen;
    page_reader::begin(
        [&, number = 0u](load_request asked, callback<load_answer> done) mutable {
          if ((pattern >> number++ % 4 & 1) == 0) return done(page_of(9, asked));
          later =
              callback<>([asked, done = std::move(done)]() mutable { done(page_of(9, asked)); });
        },
        from_the_first(),
        [&](const load_request&, load_answer& a) {
          seen.push_back(a.entries.front().first);
          return then::go_on;
        });
    while (later) std::exchange(later, {})();
    const std::vector<std::string> all{"0", "1", "2", "3", "4", "5", "6", "7", "8"};
    BOOST_TEST(seen == all, boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE(a_page_reader_ends_where_its_user_stops_or_at_an_error) {
  std::size_t used = 0;
  const auto read = [&](std::size_t stop_at, std::size_t fail_at) {
    used = 0;
    page_reader::begin(
        [&](load_request asked, callback<load_answer> done) {
          auto a = page_of(9, asked);
          if (used + 1 == fail_at) a.error = persistence::fault{persistence::errc::io, "no"};
          done(std::move(a));
        },
        from_the_first(),
        [&](const load_request&, load_answer&) {
          return ++used == stop_at ? then::stop : then::go_on;
        });
    return used;
  };
  BOOST_TEST(read(0, 0) == 9u);
  BOOST_TEST(read(1, 0) == 1u);
  BOOST_TEST(read(5, 0) == 5u);
  BOOST_TEST(read(9, 0) == 9u);
  BOOST_TEST(read(0, 1) == 1u);
  BOOST_TEST(read(0, 4) == 4u);
}

BOOST_AUTO_TEST_SUITE_END()
