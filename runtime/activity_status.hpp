// What runs outside of turns, as operators see it: attempts of activities, and the pools they run on.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "actors/time.hpp"

namespace reprise {

// One attempt that waits for its time or for a thread, or runs.
struct activity_status {
  std::string name;
  std::uint64_t step = 0;  // number of its event in the instance's history
  std::uint32_t attempt = 1;
  std::optional<time_point> due;    // tried again, and not before; none: its time has come
  std::optional<time_point> began;  // none: it waits for a thread, or for its time
  std::string progress;             // JSON, as last reported; empty: nothing yet
  bool cancelled = false;           // nobody waits for it any more
};

// A named group of threads.
struct pool_status {
  std::string name;
  std::size_t threads = 0;  // at most; one more for each that is lost
  std::size_t busy = 0;
  std::size_t waiting = 0;  // attempts without a thread
  std::size_t lost = 0;     // threads that did not come back from a cancelled activity in its grace
};

}  // namespace reprise
