// Time as the engine counts it: nanoseconds since the Unix epoch. It is always passed in; pure code
// never reads a clock.

#pragma once

#include <chrono>

namespace reprise {

// Signed 64-bit nanoseconds: 292 years each way.
using duration = std::chrono::nanoseconds;
using time_point = std::chrono::sys_time<duration>;

}  // namespace reprise
