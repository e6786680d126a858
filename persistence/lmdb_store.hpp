// The store of one data folder on a local disk: a log of frames that is durable at once, an overlay
// in memory, and LMDB tables that a background fold brings up to the log. The bytes are described
// in docs/disk-format.md.
//
// Opening locks the folder, recovers (the tables, then the log after their position), and begins a new term
// with a flushed empty frame. A damaged, foreign or newer folder is refused and not changed.
//
// Threads: as in store.hpp. The store owns one fold thread and its loader threads.

#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "persistence/layered_options.hpp"
#include "persistence/store.hpp"

namespace reprise::persistence {

struct lmdb_options : layered_options {
  std::string folder;                             // created if missing; its parent must exist
  std::size_t map_bytes = std::size_t{64} << 30;  // address space reserved for the tables, not disk
  std::size_t segment_bytes = 0;  // of the log; 0: as chosen when the folder was created
};

result<std::unique_ptr<store>> open_lmdb_store(const lmdb_options&);

// Folds what is durable now, on this thread, and returns once the tables have it. Error `full`:
// nothing was folded, try again when there is room. Only for stores of open_lmdb_store.
result<void> fold_now(store&);

}  // namespace reprise::persistence
