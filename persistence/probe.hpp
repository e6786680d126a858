// What a data folder would stand on, measured: for `doctor`, before anything is lost.

#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "persistence/errc.hpp"

namespace reprise::persistence {

struct disk_figures {
  std::uint64_t filesystem = 0;      // f_type of statfs
  bool is_network = false;           // a data folder is refused there
  bool is_memory = false;            // tmpfs: gone when the machine restarts
  std::uint64_t free_bytes = 0;      // for this user
  std::chrono::nanoseconds flush{};  // the median of some flushes of one page
};

// Writes and flushes a file without a name in `folder`, which must be there: nothing is left.
// Failure: io (not writable, not there), full.
result<disk_figures> probe_disk(const std::string& folder);

}  // namespace reprise::persistence
