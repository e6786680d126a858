#include "actors/orchestration/retry_decision.hpp"

#include <algorithm>
#include <cmath>

#include "actors/actor/text.hpp"

namespace reprise::internal {

std::optional<time_point> next_attempt(const retry& policy, std::uint32_t attempt, time_point began,
                                       time_point now, const failure& why) {
  if (!why.retryable || !policy.only.contain(why.why) || attempt >= policy.attempts)
    return std::nullopt;
  double first = static_cast<double>(std::max(policy.first, duration::zero()).count());
  double most = static_cast<double>(std::max(policy.max, duration::zero()).count());
  double wanted = first * std::pow(std::max(policy.factor, 0.0), attempt - 1.0);
  // Compare as doubles: converting 2^63 nanoseconds or more to a count overflows.
  auto delay = wanted < most ? duration(static_cast<duration::rep>(wanted))
                             : std::max(policy.max, duration::zero());
  auto due = later(now, delay);
  if (due > later(began, policy.total)) return std::nullopt;
  return due;
}

}  // namespace reprise::internal
