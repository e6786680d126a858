// What is durable and not yet in the tables: a stack of layers, the first one mutable, and the
// views of it.
//
// A view is taken whole: `durable` and the layers that hold everything between the tables and it.
// Layers are removed after the fold that covers them has committed; a view that was taken before
// keeps them.
//
// Threads: `apply` and `freeze` by one thread at a time; `look`, `drop` and the figures from any.

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
#include "persistence/store.hpp"

namespace reprise::persistence::internal {

struct view {
  position at = 0;
  std::vector<std::shared_ptr<const layer>> layers;  // newest first
};

class overlay {
 public:
  explicit overlay(position durable) : durable_(durable) { layers_.push_back(mutable_); }

  // The writes of a group, one batch a position. Unseen until `advance`.
  void apply(position first, std::span<const batch> group);
  void apply(position at, std::string_view writes);
  // What a log brings, before anybody looks: only the last write of each key is kept.
  segment_work load(std::span<const logged_transition>, last_writes&);
  result<log_extent> load(const std::string& log, std::uint64_t folder_id);
  void advance(position durable) noexcept { durable_.store(durable, std::memory_order_release); }
  position durable() const noexcept { return durable_.load(std::memory_order_acquire); }

  view look() const;

  // Makes the mutable layer a frozen one and starts another. Nothing may be applied and not
  // advanced.
  std::shared_ptr<const layer> freeze();
  // Forgets a frozen layer: the tables have it.
  void drop(const std::shared_ptr<const layer>&);

  const layer& growing() const noexcept { return *mutable_; }  // by the applying thread
  std::size_t bytes() const;

 private:
  static void read(position, std::string_view writes, std::vector<layer::numbered>& append_to);

  mutable std::mutex mutex_;  // of layers_
  std::shared_ptr<layer> mutable_ = std::make_shared<layer>();
  std::vector<std::shared_ptr<const layer>> layers_;  // newest first; the first is mutable_
  std::atomic<position> durable_;
};

}  // namespace reprise::persistence::internal
