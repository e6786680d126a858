// Measures the disk under a data folder and looks into the folder, for `doctor`.

#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "persistence/errc.hpp"

namespace reprise::persistence {

struct disk_figures {
  std::uint64_t filesystem = 0;      // f_type of statfs
  bool is_network = false;           // data folders on it are refused
  bool is_memory = false;            // tmpfs: lost when the machine restarts
  std::uint64_t free_bytes = 0;      // for this user
  std::chrono::nanoseconds flush{};  // the median of several flushes of one page
};

// Writes and flushes an unnamed file in `folder`, which must exist; leaves nothing behind. Failure:
// io (missing, or not writable), full.
result<disk_figures> probe_disk(const std::string& folder);

// Sums the sizes of all files below a folder, as far as they are readable.
std::uint64_t bytes_below(const std::string& folder);

struct store_figures {
  std::string locked_out;    // a part that this user cannot read and write; empty: none
  int gone_readers = 0;      // views of killed processes: they pinned old pages until now
  int reader = 0;            // the process with the oldest view of the tables; 0: none
  std::uint64_t behind = 0;  // folds since then
};

// Looks into an existing data folder, even while another process serves from it, but not one that
// this process has open: LMDB allows that once per process. Releases views whose process is gone.
// Failure: as for a backup of the folder.
result<store_figures> probe_store(const std::string& folder);

}  // namespace reprise::persistence
