// Named places between two effects of a commit, a fold or a recovery, at which a test has the
// process killed: the one that is armed raises SIGKILL when it is passed for the n-th time. Armed by
// no one, a place costs one relaxed load.
//
// Of the process, as the death is. Threads: any.

#pragma once

#include <atomic>
#include <cstdint>
#include <string_view>

namespace reprise::persistence {

enum class kill_point : std::uint8_t {
  none,
  before_append,   // a group is about to be written to the log
  before_flush,    // written, not flushed
  before_overlay,  // durable, no load sees it
  before_gate,     // every load sees it, what was held is not released
  in_fold,         // the tables' transaction has everything and is not committed
  after_fold,      // committed, its layer and its segments are still there
  log_erase,       // its segments are being given back
  in_recovery,     // the log was read, nothing was written
  after_rewrite,   // its last frame was written again, no term has begun
};

namespace internal {
inline std::atomic<kill_point> armed_point{kill_point::none};
void passed_armed_point() noexcept;
}  // namespace internal

inline void pass(kill_point here) noexcept {
  if (internal::armed_point.load(std::memory_order_relaxed) == here) internal::passed_armed_point();
}

// "point" or "point:n", the names above with '-' for '_'; n from 1. False: there is no such place.
// Once, before any store is opened.
bool arm_kill_point(std::string_view) noexcept;

}  // namespace reprise::persistence
