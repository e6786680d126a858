// How a store of a log, an overlay and tables works: when it folds, who reads its tables, and when
// turns must wait.

#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>

#include "persistence/limits.hpp"

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

struct layered_options {
  fold_policy fold;
  std::uint64_t log_limit = limits::log_limit;  // of what is not folded
  std::uint64_t overlay_limit = limits::overlay_limit;
  load_mode loads = load_mode::where_resident;
  unsigned loaders = 2;  // threads that read the tables; at least one
  // Called at every checkpoint. It may throw to simulate a crash; then only destroy the store. With
  // fold_mode::background, the fold thread also calls it, and then it must not throw.
  std::function<void(checkpoint)> at;
};

}  // namespace reprise::persistence
