// Activities that an instance asked for: more of them than are read at once, and those that it withdraws
// before they could begin.

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

#include "persistence/limits.hpp"
#include "tests/support/parts.hpp"
#include "tests/support/world.hpp"

using namespace reprise;
using namespace reprise::testing;
using namespace std::chrono_literals;
using parts::number;

namespace {

constexpr std::size_t big = std::size_t{2} << 20;

constexpr activity<std::string, number> update_footprint{"weigh"};  // the first time of each fails
constexpr activity<number, number> late{"late"};
constexpr event<number> more{"more"}, enough{"enough"};
constexpr orchestration<number, number> scales{"scales"};
constexpr orchestration<none, number> impatient{"impatient"}, choosy{"choosy"};

std::vector<int> tries;             // of update_footprint, by the first letter
std::vector<std::string> happened;  // to impatient

result<number> run_weigh(std::string what) {
  if (++tries[static_cast<std::size_t>(what.front() - 'a')] == 1) return fail("not yet");
  return static_cast<number>(what.size());
}

// So many, two a turn: what one turn asks for is bounded.
task<number> run_scales(number n) {
  std::vector<pending<number>> all_of_them;
  for (number i = 0; i < n; ++i) {
    std::string what(big, static_cast<char>('a' + i));
    auto one = update_footprint(what).with(retry{.attempts = 2, .first = 1h});
    all_of_them.push_back(co_await begin(one));
    if (i % 2 == 0) continue;
    auto word = co_await more();
    if (*word != i) co_return -1;
  }
  number sum = 0;
  for (auto& each : all_of_them) {
    auto weight = co_await std::move(each);
    sum += *weight;
  }
  co_return sum;
}

result<number> run_late(number n) {
  happened.push_back("ran");
  return n;
}

task<number> run_impatient(none) {
  auto first = co_await race(late(number{1}), enough());
  happened.push_back(first.index() == 0 ? "waited" : "withdrew");
  co_await sleep(1s);
  co_return static_cast<number>(first.index());
}

// Withdraws the first of two and waits for the second.
task<number> run_choosy(none) {
  std::vector<pending<number>> unwanted, wanted;
  auto first = late(number{1});
  auto second = late(number{2});
  unwanted.push_back(co_await begin(first));
  wanted.push_back(co_await begin(second));
  co_await enough();
  unwanted.clear();
  co_return *co_await std::move(wanted.front());
}

application bound() {
  auto app = parts::bound();
  app.bind(update_footprint, run_weigh).bind(late, run_late).bind(more).bind(enough);
  app.bind(scales, run_scales).bind(impatient, run_impatient).bind(choosy, run_choosy);
  return app;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(open_requests)

BOOST_AUTO_TEST_CASE(more_open_requests_than_are_read_at_once_are_all_tried_again) {
  constexpr number n = 10;
  static_assert(n * big > limits::max_bytes_per_turn);
  tries.assign(n, 0);
  world w(1, disk::lmdb, bound);
  w.segment(std::size_t{32} << 20);
  w.crash();
  w.open();
  BOOST_REQUIRE(*w.start(scales.as("s", n)));
  for (number i = 1; i < n; i += 2) {
    w.run();
    BOOST_REQUIRE(*w.raise(more.to("s", i)));
  }
  w.run();
  w.crash();
  w.open();
  w.run_until([&] { return w.ended("s"); }, 3h);
  const auto end = **w.status("s");
  BOOST_TEST_REQUIRE((end.state == instance_state::completed));
  BOOST_TEST(**codec<number>::decode(**end.outcome) == n * static_cast<number>(big));
  BOOST_TEST(tries == std::vector<int>(n, 2), boost::test_tools::per_element());
  BOOST_TEST(w.waiting_records() == 0u);
}

BOOST_AUTO_TEST_CASE(an_activity_withdrawn_before_it_begins_does_not_begin) {
  std::size_t never = 0, in_time = 0;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    world w(seed, disk::memory, bound);
    happened.clear();
    w.at().start(impatient.as("i", none{}).what(), {}, [](auto) {});
    for (std::uint64_t i = 0; i < seed % 20; ++i) w.step();
    w.at().instances().raise(enough.to("i", number{1}), {}, [](auto) {});
    w.run_until([&] { return w.ended("i"); }, 1min);
    // It ran first, or not at all.
    BOOST_TEST_CONTEXT("seed " << seed) {
      BOOST_TEST_REQUIRE(!happened.empty());
      BOOST_TEST((happened.front() == "ran" || happened.size() == 1));
    }
    ++(happened.front() == "ran" ? in_time : never);
  }
  BOOST_TEST(never > 0u);
  BOOST_TEST(in_time > 0u);
}

BOOST_AUTO_TEST_CASE(an_activity_begun_after_a_withdrawn_one_goes_on) {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    world w(seed, disk::memory, bound);
    w.at().start(choosy.as("c", none{}).what(), {}, [](auto) {});
    for (std::uint64_t i = 0; i < seed % 20; ++i) w.step();
    w.at().instances().raise(enough.to("c", number{1}), {}, [](auto) {});
    w.run_until([&] { return w.ended("c"); }, 1min);
    const auto end = **w.status("c");
    BOOST_TEST_REQUIRE((end.state == instance_state::completed), "seed " << seed);
    BOOST_TEST(**codec<number>::decode(**end.outcome) == 2);
  }
}

BOOST_AUTO_TEST_SUITE_END()
