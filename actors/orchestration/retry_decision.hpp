// Decides when to retry a failed attempt: pure, from recorded data.

#pragma once

#include <cstdint>
#include <optional>

#include "actors/failure.hpp"
#include "actors/request.hpp"
#include "actors/time.hpp"

namespace reprise::internal {

// `attempt` counts from 1 and has just failed with `why`. Returns when the next one is due, or
// nothing: not retryable, not among `policy.only`, attempts used up, or it would start after `began
// + policy.total`. The delay after attempt n is min(first * factor^(n-1), max).
std::optional<time_point> next_attempt(const retry& policy, std::uint32_t attempt, time_point began,
                                       time_point now, const failure& why);

}  // namespace reprise::internal
