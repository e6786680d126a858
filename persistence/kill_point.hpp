// Named points between two effects of a commit, a fold or a recovery, where a test can kill the process: an
// armed point raises SIGKILL the n-th time it is passed. An unarmed one costs one relaxed load.
//
// Process-wide, like the kill. Threads: any.

#pragma once

#include <atomic>
#include <cstdint>
#include <string_view>

namespace reprise::persistence {

enum class kill_point : std::uint8_t {
  none,
  before_append,   // a group is about to be written to the log
  before_flush,    // written, not flushed
  before_overlay,  // durable, not yet visible to loads
  before_gate,     // visible to every load, held answers are not released
  in_fold,         // the tables' transaction is complete and not committed
  after_fold,      // committed, its layer and its segments still exist
  log_erase,       // its segments are being freed
  in_recovery,     // the log was read, nothing was written
  after_rewrite,   // its last frame was rewritten, no term has begun
};

namespace internal {
inline std::atomic<kill_point> armed_point{kill_point::none};
void passed_armed_point() noexcept;
}  // namespace internal

inline void pass(kill_point here) noexcept {
  if (internal::armed_point.load(std::memory_order_relaxed) == here) internal::passed_armed_point();
}

// Arms "point" or "point:n": a name above with '-' for '_', n from 1. Returns false if there is no
// such point. Call once, before any store is opened.
bool arm_kill_point(std::string_view) noexcept;

}  // namespace reprise::persistence
