// The store of one data folder on a local disk: a log of frames that is durable at once, an overlay
// in memory, and LMDB tables that a background fold brings up to the log. The bytes are described
// in docs/disk-format.md.
//
// Opening locks the folder, recovers (the tables, then the log after their position), and begins a new term
// with a flushed empty frame. A damaged, foreign or newer folder is refused and not changed.
//
// Threads: as in store.hpp. The store owns one fold thread and its loader threads.

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

// Points between two effects of a commit or of a fold, in order, where tests inject a crash.
enum class checkpoint : std::uint8_t {
  written,   // the frame is in the page cache, not flushed
  flushed,   // the frame is durable, the overlay does not show it yet
  inserted,  // the overlay has it, `durable` has not advanced
  advanced,  // `durable` has advanced, commit has not returned
  folded,    // the fold has committed, its layer and its segments still exist
  recycled,  // segments that the fold covers may be reused
};

enum class fold_mode : std::uint8_t {
  background,   // a thread folds when there is enough to fold
  every_group,  // commit folds before it returns: for tests
  by_hand,      // only fold_now and close fold
};

struct fold_policy {
  fold_mode mode = fold_mode::background;
  // A fold starts when one of these is reached. One large fold is cheaper than many small ones.
  std::size_t records = 500'000;
  // Bytes of memory. During the fold it needs as much again: LMDB keeps the pages it changes until
  // they are written, and the next layer grows.
  std::size_t bytes = std::size_t{64} << 20;
  std::chrono::milliseconds age{5'000};  // of the oldest write: bounds what a restart has to read
};

enum class load_mode : std::uint8_t {
  // Answers on the caller's thread if the pages of the tables are in memory. After a load that had
  // to wait for the disk, the loader threads answer for a while.
  where_resident,
  by_loaders,  // a loader thread reads whatever the layers do not answer
  by_caller,   // always the caller's thread, which may wait for the disk: for simulation
};

struct lmdb_options {
  std::string folder;  // created if missing; its parent must exist
  fold_policy fold;
  std::size_t map_bytes = std::size_t{64} << 30;  // address space reserved for the tables, not disk
  std::size_t segment_bytes = 0;  // of the log; 0: as chosen when the folder was created
  std::uint64_t log_limit = limits::log_limit;
  std::uint64_t overlay_limit = limits::overlay_limit;
  load_mode loads = load_mode::where_resident;
  unsigned loaders = 2;  // threads that read the tables; at least one
  // Called at every checkpoint. It may throw to simulate a crash; then only destroy the store. With
  // fold_mode::background, the fold thread also calls it, and then it must not throw.
  std::function<void(checkpoint)> at;
};

result<std::unique_ptr<store>> open_lmdb_store(const lmdb_options&);

// Folds what is durable now, on this thread, and returns once the tables have it. Error `full`:
// nothing was folded, try again when there is room. Only for stores of open_lmdb_store.
result<void> fold_now(store&);

}  // namespace reprise::persistence
