// The store of one data folder on a local disk: a log of frames that is durable at once, an overlay
// in memory, and LMDB tables that a background fold brings up to the log. docs/disk-format.md has
// the bytes.
//
// Opening takes the folder's lock, recovers (tables, then the log after their position), and begins
// a new term with a flushed empty frame. A damaged, foreign or newer folder is refused and not
// touched.
//
// Threads: as store.hpp says. The store owns one fold thread and its loader threads.

#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "persistence/limits.hpp"
#include "persistence/store.hpp"

namespace reprise::persistence {

// Where a crash may fall between two effects of a commit or of a fold, in order.
enum class checkpoint : std::uint8_t {
  written,   // the frame is in the page cache, not flushed
  flushed,   // the frame is durable, the overlay does not show it yet
  inserted,  // the overlay holds it, `durable` has not advanced
  advanced,  // `durable` has advanced, commit has not returned
  folded,    // the fold has committed, its layer and its segments are still there
  recycled,  // segments that the fold covers may be written again
};

enum class fold_mode : std::uint8_t {
  background,   // a thread folds when there is enough
  every_group,  // commit folds before it returns: for tests
  by_hand,      // only fold_now and close fold
};

struct fold_policy {
  fold_mode mode = fold_mode::background;
  // A fold begins when one of these is reached. Big folds are cheap folds: docs/architecture.md.
  std::size_t records = 500'000;
  // Of memory, and while it is folded as much again: LMDB keeps the pages that it changes until they are
  // written, and another layer grows.
  std::size_t bytes = std::size_t{64} << 20;
  std::chrono::milliseconds age{5'000};  // of the oldest write: what a restart has to read again
};

enum class load_mode : std::uint8_t {
  // Where the tables' pages are in memory a load is answered on the caller's thread. One that had
  // to wait for the disk sends those after it to the loader threads for a while.
  where_resident,
  by_loaders,  // whatever the layers do not answer is read by a loader thread
  by_caller,   // always on the caller's thread, which may wait for the disk: for simulation
};

struct lmdb_options {
  std::string folder;  // made if it is not there; its parent must be
  fold_policy fold;
  std::size_t map_bytes = std::size_t{64} << 30;  // address space reserved for the tables, not disk
  std::size_t segment_bytes = 0;  // of the log; 0: as chosen when the folder was made
  std::uint64_t log_limit = limits::log_limit;
  std::uint64_t overlay_limit = limits::overlay_limit;
  load_mode loads = load_mode::where_resident;
  unsigned loaders = 2;  // threads that read tables; at least one
  // Called at every checkpoint; may throw, which stands for a crash: then only destroy the store.
  // With fold_mode::background it is called from the fold thread too and must not throw there.
  std::function<void(checkpoint)> at;
};

result<std::unique_ptr<store>> open_lmdb_store(const lmdb_options&);

// Folds what is durable now, on this thread, and returns when the tables have it. `full`: nothing
// was folded, try again when there is room. Only for stores of open_lmdb_store.
result<void> fold_now(store&);

}  // namespace reprise::persistence
