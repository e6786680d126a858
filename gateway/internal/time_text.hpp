// Times as HTTP shows and takes them: ISO 8601, always UTC on the way out.

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "actors/time.hpp"

namespace reprise::gateway {

// 2026-01-02T03:04:05Z, or with seven digits of fraction as in histories.
enum class precision { seconds, ticks };
void append_time(std::string& out, time_point, precision);

// A date, or a date and a time with or without seconds, a fraction and a zone (`Z`, `+02:00`,
// `+0200`); without a zone it is UTC. A space may stand where a `+` was: a query says so when nobody
// encoded it. What lies outside of the years that a time_point holds is the first or the last of it:
// 0001-01-01 is what .NET sends for "any". Nothing when it is no time.
std::optional<time_point> read_time(std::string_view);

}  // namespace reprise::gateway
