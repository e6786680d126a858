#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <optional>

#include "actors/orchestration/retry_decision.hpp"

using namespace std::chrono_literals;
using reprise::duration;
using reprise::retry;

namespace {
const reprise::time_point began{1000h};

struct row {
  const char* what;
  retry policy;
  std::uint32_t attempt;  // just failed
  duration since;         // the first attempt began
  bool retryable;
  std::optional<duration> wait;
  reprise::cause why = reprise::cause::failed;
};
std::ostream& operator<<(std::ostream& out, const row& r) { return out << r.what; }

const row rows[] = {
    {"no policy, no retry", {}, 1, 0s, true, {}},
    {"a rejection is final", {.attempts = 5}, 1, 0s, false, {}},
    {"first wait", {.attempts = 3, .first = 200ms}, 1, 0s, true, 200ms},
    {"second wait doubles", {.attempts = 3, .first = 200ms}, 2, 1s, true, 400ms},
    {"attempts are used up", {.attempts = 3, .first = 200ms}, 3, 1s, true, {}},
    {"factor one", {.attempts = 9, .first = 3s, .factor = 1.0}, 7, 1s, true, 3s},
    {"factor of a half", {.attempts = 9, .first = 8s, .factor = 0.5}, 3, 1s, true, 2s},
    {"no longer than max", {.attempts = 99, .first = 1s, .max = 10s}, 40, 1s, true, 10s},
    {"no overflow",
     {.attempts = ~0u, .first = 1s, .factor = 1e9, .max = duration::max()},
     2'000'000'000,
     1s,
     true,
     duration::max()},
    {"in total, just", {.attempts = 9, .first = 2s, .total = 10s}, 1, 8s, true, 2s},
    {"past total", {.attempts = 9, .first = 2s, .total = 10s}, 1, 9s, true, {}},
    {"nothing is no wait", {.attempts = 2, .first = 0s}, 1, 0s, true, 0s},
    {"less than nothing is nothing", {.attempts = 2, .first = -5s}, 1, 0s, true, 0s},
    {"only the one that is named",
     {.attempts = 2, .only = reprise::cause::timed_out},
     1,
     0s,
     true,
     1s,
     reprise::cause::timed_out},
    {"not another", {.attempts = 2, .only = reprise::cause::timed_out}, 1, 0s, true, {}},
    {"of several, each",
     {.attempts = 2, .only = reprise::cause::timed_out | reprise::cause::failed},
     1,
     0s,
     true,
     1s},
    {"a name makes nothing retryable",
     {.attempts = 2, .only = reprise::cause::failed},
     1,
     0s,
     false,
     {}},
};
}  // namespace

BOOST_AUTO_TEST_SUITE(retries)

BOOST_DATA_TEST_CASE(the_next_attempt_follows_from_the_policy_and_the_failure,
                     boost::unit_test::data::make(rows), r) {
  reprise::failure why{r.why, "no", r.retryable};
  auto due = reprise::internal::next_attempt(r.policy, r.attempt, began, began + r.since, why);
  BOOST_TEST(due.has_value() == r.wait.has_value());
  if (!due || !r.wait) return;
  auto end = *r.wait == duration::max() ? reprise::time_point::max() : began + r.since + *r.wait;
  BOOST_TEST((*due == end));
}

BOOST_AUTO_TEST_SUITE_END()
