// Operators' view of what runs outside of turns: attempts of activities, and the pools they run on.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "actors/time.hpp"

namespace reprise {

// One attempt that is waiting for its due time, waiting for a thread, or running.
struct activity_status {
  std::string name;
  std::uint64_t step = 0;  // number of its event in the instance's history
  std::uint32_t attempt = 1;
  std::optional<time_point> due;    // earliest start of a retry; nullopt: not waiting for a time
  std::optional<time_point> began;  // nullopt: waiting for a thread or for its due time
  std::string progress;             // JSON, as last reported; empty: nothing yet
  bool cancelled = false;           // nobody waits for its result any more
};

// A named group of threads.
struct pool_status {
  std::string name;
  std::size_t threads = 0;  // limit; grows by one for each lost thread
  std::size_t busy = 0;
  std::size_t waiting = 0;  // attempts that have no thread yet
  std::size_t lost = 0;     // threads that a cancelled activity has kept beyond its grace period
};

}  // namespace reprise
