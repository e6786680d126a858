// Events, numbers and times as text for people, and failures from exceptions.

#pragma once

#include <cstdint>
#include <string>

#include "actors/failure.hpp"
#include "actors/time.hpp"

namespace reprise::internal {

std::string hex(std::uint64_t);
std::string time_text(time_point);       // 2026-11-23T15:30:00Z
time_point later(time_point, duration);  // saturates instead of overflowing
std::string lower_case(std::string);     // ASCII
// Cuts at a character boundary and appends "...".
std::string shortened(std::string, std::size_t bytes);

// Converts the exception being handled to a failure. Call it in a catch block only.
failure failure_of_current_exception();

}  // namespace reprise::internal
