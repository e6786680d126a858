// What a data folder would stand on, measured, and what is in it: for `doctor`, before anything is lost.

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

// All files below a folder, as far as they can be looked at.
std::uint64_t bytes_below(const std::string& folder);

struct store_figures {
  std::string locked_out;    // a part of it that this user cannot read and write; empty: none
  int gone_readers = 0;      // views of processes that were killed: they kept old pages until now
  int reader = 0;            // the process that has the oldest view of the tables; 0: none has one
  std::uint64_t behind = 0;  // folds since then
};

// Of a data folder that is there, also while another process serves from it; not one that this process
// has open: LMDB allows that once per process. Lets go of views whose process is gone.
// Failure: as a backup of it.
result<store_figures> probe_store(const std::string& folder);

}  // namespace reprise::persistence
