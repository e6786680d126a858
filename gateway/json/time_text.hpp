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
// The last moment that is shown as this one is: a bound that includes what it shows.
time_point last_shown_as(time_point, precision) noexcept;

// A date, or a date and a time with or without seconds, a fraction and a zone (`Z`, `+02:00`,
// `+0200`); without a zone it is UTC. A space may stand where a `+` was: a query says so when nobody
// encoded it. What lies outside of the years that a time_point holds is the first or the last of it:
// 0001-01-01 is what .NET sends for "any". Nothing when it is no time.
std::optional<time_point> read_time(std::string_view);
// The same, of a time that is kept: nothing also when it lies outside of those years.
std::optional<time_point> read_kept_time(std::string_view);
inline constexpr std::string_view wanted_time =
    "wanted a time such as 2026-01-02T03:04:05Z, from 1677-09-22 to 2262-04-11";

}  // namespace reprise::gateway
