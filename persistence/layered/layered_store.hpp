// A store of three layers: a log that makes groups durable, an overlay in memory that shows them, and
// tables that a fold brings up to the log. Here is what does not depend on the kind of log and tables:
// when a group is acknowledged, what a view shows, when to fold, when turns must wait, and when the
// store has failed. persistence/store.hpp says what callers see; this says which threads run
// concurrently.
//
//   committing thread   write -> overlay -> flush -> durable; freezes nothing
//   fold thread         freeze -> tables -> free the log -> drop the layer
//   loader threads, callers of read   a view, then the tables
//
// `writing_` is held while a group is applied and not yet durable, so that no layer is frozen with
// half a group in it. `folding_` is held for a whole fold.

#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>

#include "persistence/folder/file.hpp"
#include "persistence/layered/base_tables.hpp"
#include "persistence/layered/fold_thread.hpp"
#include "persistence/layered/loaders.hpp"
#include "persistence/layered_options.hpp"
#include "persistence/log/group_log.hpp"
#include "persistence/memtable/overlay.hpp"
#include "persistence/store.hpp"

namespace reprise::persistence::internal {

// What a store is made of, as recovery has found it.
struct store_parts {
  file lock;  // of the data folder; held until log and tables are gone
  std::unique_ptr<base_tables> tables;
  std::unique_ptr<group_log> log;
  std::unique_ptr<overlay> above;  // what the log holds above the tables, all of it durable
  persistence::term term = 0;      // the highest of log and tables
  std::uint64_t unfolded = 0;      // bytes of the log above the tables
};

class layered_store final : public store {
 public:
  // Begins a term; it is durable when this returns.
  static result<std::unique_ptr<layered_store>> open(store_parts, layered_options);
  ~layered_store() override;

  persistence::term term() const override { return term_.load(); }
  position durable() const override { return overlay_->durable(); }
  result<void> commit(position first, std::span<const batch> group) override;
  result<persistence::term> begin_term() override;
  void load(load_request, std::function<void(load_answer)> done) override;
  load_answer read(const load_request&) override;
  store_load load_state() const override;
  bool must_wait() const noexcept override { return waiting_; }
  void watch(store_events) override;
  void close() override;

  // Folds what is durable. `full`: nothing was folded, and it may be tried again.
  result<void> fold();

 private:
  layered_store(store_parts, layered_options);
  void start_threads();

  result<void> write(position first, std::span<const batch> group);
  result<void> append(position first, std::span<const batch> group);
  enum class fold_wish : std::uint8_t { none, by_age, now };
  fold_wish wish_to_fold(bool first_of_layer) const;
  void ask_others(fold_wish);
  result<void> fold_layer();
  fault failed_write(fault);
  void make_spare();
  bool count_keys();
  bool over_limit() const;
  bool is_roomy() const;
  enum class lack : std::uint8_t { of_fold, of_log };
  void lacks(lack, std::optional<fault>);
  void review();

  std::optional<load_answer> answer_here(const load_request&);
  load_answer read_tables(const load_request&);

  void reach(checkpoint c) {
    if (options_.at) options_.at(c);
  }
  bool fail(const fault&);
  fault stop(fault);
  std::optional<fault> failure() const;

  const layered_options options_;
  const file lock_;
  std::unique_ptr<base_tables> tables_;
  const std::unique_ptr<group_log> log_;
  const std::unique_ptr<overlay> overlay_;
  std::atomic<persistence::term> term_;
  bool needs_term_ = false;             // a commit was not written: begin_term must come first
  bool wants_spare_ = false;            // the log does, since the last write
  std::atomic<std::uint64_t> written_;  // bytes of the log: since open, and those found unfolded

  std::mutex writing_;
  std::mutex folding_;
  // A frozen layer that is not in the tables yet, because a fold failed for lack of room.
  struct frozen_layer {
    std::shared_ptr<const layer> what;
    position last = 0;          // the durable position when it was frozen
    std::uint64_t written = 0;  // to the log at that time
  };
  std::optional<frozen_layer> frozen_;
  std::atomic<std::uint64_t> folded_bytes_{0};  // of the log: those that the tables have
  std::atomic<bool> waiting_{false};            // set by `review`, like the next two
  std::atomic<bool> full_{false};
  std::atomic<bool> lacks_segment_{false};
  std::mutex review_mutex_;  // guards what follows; held during a callback
  std::optional<fault> lacks_[2];
  store_events events_;
  std::atomic<bool> spare_asked_{false};
  std::atomic<unsigned> loads_to_loaders_{0};  // left until callers' threads are tried again

  mutable std::mutex failing_;
  std::optional<fault> failure_;
  std::atomic<bool> failed_{false};
  std::atomic<bool> closed_{false};

  // Last: these threads use the fields above.
  std::optional<loaders> loaders_;
  std::optional<fold_thread> folder_thread_;
};

}  // namespace reprise::persistence::internal
