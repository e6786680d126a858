// Events, numbers and times in words for people, and failures from exceptions.

#pragma once

#include <cstdint>
#include <string>

#include "actors/failure.hpp"
#include "actors/time.hpp"

namespace reprise::internal {

std::string hex(std::uint64_t);
std::string time_text(time_point);       // 2026-11-23T15:30:00Z
time_point later(time_point, duration);  // stops at the end of time instead of wrapping
std::string lower_case(std::string);     // ASCII
// Cut between two characters, with ... behind.
std::string shortened(std::string, std::size_t bytes);

// What user code threw, as a failure. To be called in a handler: the one place that knows how.
failure failure_of_current_exception();

}  // namespace reprise::internal
