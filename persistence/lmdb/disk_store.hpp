// The store on disk: the log, the overlay and the tables wired together. persistence/lmdb_store.hpp
// and persistence/store.hpp say what callers see; this says which threads run concurrently.
//
//   committing thread   write -> overlay -> flush -> durable; freezes nothing
//   fold thread         freeze -> tables -> free segments -> drop the layer
//   loader threads, callers of read   a view, then the tables
//
// `writing_` is held while a group is applied and not yet durable, so that no layer is frozen with
// half a group in it. `folding_` is held for a whole fold.

#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>

#include "persistence/folder/folder.hpp"
#include "persistence/lmdb/fold_thread.hpp"
#include "persistence/lmdb/loaders.hpp"
#include "persistence/lmdb/tables.hpp"
#include "persistence/lmdb_store.hpp"
#include "persistence/log/segment_log.hpp"
#include "persistence/memtable/overlay.hpp"

namespace reprise::persistence::internal {

class disk_store final : public store {
 public:
  static result<std::unique_ptr<disk_store>> open(const lmdb_options&);
  ~disk_store() override;

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

  result<void> fold();

 private:
  explicit disk_store(lmdb_options o) : options_(std::move(o)) {}

  result<void> make_parts();
  result<void> recover();
  void start_threads();

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

  const lmdb_options options_;
  std::uint64_t log_limit_ = 0;  // that of the options, or less on a small disk
  data_folder folder_;
  std::unique_ptr<tables> tables_;
  std::unique_ptr<segment_log> log_;
  std::optional<overlay> overlay_;
  std::atomic<persistence::term> term_{0};
  bool needs_term_ = false;  // a commit was not written: begin_term must come first

  std::mutex writing_;
  std::mutex folding_;
  // A frozen layer that is not in the tables yet, because a fold failed for lack of room.
  struct frozen_layer {
    std::shared_ptr<const layer> what;
    position last = 0;          // the durable position when it was frozen
    std::uint64_t written = 0;  // by the log at that time
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
