// The writes that are durable and not yet in the tables (the memtables): a stack of layers, of
// which the newest is mutable, and views of it.
//
// A view is consistent: it holds `durable` and the layers with everything between the tables and
// it. A layer is removed after the fold that covers it has committed; earlier views keep it alive.
//
// Threads: `apply` and `freeze` from one thread at a time; `look`, `drop` and the figures from any.

#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "persistence/batch.hpp"
#include "persistence/errc.hpp"
#include "persistence/log/log_scan.hpp"
#include "persistence/memtable/last_writes.hpp"
#include "persistence/memtable/layer.hpp"
#include "persistence/memtable/view.hpp"
#include "persistence/store.hpp"

namespace reprise::persistence::internal {

class overlay {
 public:
  explicit overlay(position durable) : durable_(durable) { layers_.push_back(mutable_); }

  // Applies the writes of a group, one batch per position. Invisible until `advance`.
  void apply(position first, std::span<const batch> group);
  void apply(position at, std::string_view writes);
  // Loads a log before the overlay is used: only the last write of each key is kept.
  segment_work load(std::span<const logged_transition>, last_writes&);
  result<log_extent> load(const std::string& log, std::uint64_t folder_id);
  void advance(position durable) noexcept { durable_.store(durable, std::memory_order_release); }
  position durable() const noexcept { return durable_.load(std::memory_order_acquire); }

  view look() const;

  // Freezes the mutable layer, starts another and returns the frozen one. Everything applied must
  // have been advanced over.
  std::shared_ptr<const layer> freeze();
  // Removes a frozen layer that the tables have.
  void drop(const std::shared_ptr<const layer>&);

  const layer& growing() const noexcept { return *mutable_; }  // for the applying thread
  std::size_t bytes() const;

 private:
  static void read(position, std::string_view writes, std::vector<layer::numbered>& append_to);

  mutable std::mutex mutex_;  // guards layers_
  std::shared_ptr<layer> mutable_ = std::make_shared<layer>();
  std::vector<std::shared_ptr<const layer>> layers_;  // newest first; the first is mutable_
  std::atomic<position> durable_;
};

}  // namespace reprise::persistence::internal
