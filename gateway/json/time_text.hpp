// Times as text: ISO 8601, always written in UTC.

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "actors/time.hpp"

namespace reprise::gateway {

enum class precision { seconds, ticks };
// Appends 2026-01-02T03:04:05Z; with ticks there are seven digits of a fraction.
void append_time(std::string& out, time_point, precision);
// Returns the last time that is shown like this one, so that an upper bound includes what it shows.
time_point last_shown_as(time_point, precision) noexcept;

// Parses a date, or a date and a time with or without seconds, a fraction and a zone (`Z`, `+02:00`,
// `+0200`); without a zone it is UTC. A space is accepted for `+`, which an unencoded query turns into
// one. A time outside the range of time_point is clamped: .NET sends 0001-01-01 for "any". Returns
// nothing if it is not a time.
std::optional<time_point> read_time(std::string_view);
// The same for a time that is stored: returns nothing if it is outside the range of time_point.
std::optional<time_point> read_kept_time(std::string_view);
inline constexpr std::string_view wanted_time =
    "wanted a time such as 2026-01-02T03:04:05Z, from 1677-09-22 to 2262-04-11";

}  // namespace reprise::gateway
