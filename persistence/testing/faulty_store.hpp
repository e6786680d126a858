// A store around another that fails as planned: for tests of the code that commits and loads.
//
//   faulty_store s(std::make_unique<memory_store>(disk),
//                  {.commit = 3, .how = mishap::not_written});
//
// Threads: as in store.hpp; `hold_loads` and `release_loads` from the test's thread.

#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <utility>

#include "persistence/store.hpp"

namespace reprise::persistence::internal {

enum class mishap : std::uint8_t {
  none,
  not_written,   // nothing happens, commit returns it
  unknown_kept,  // the group is durable, commit returns unknown and the store has failed
  unknown_lost,  // the same, but the group is not durable
  crash_before,  // commit throws `injected_crash`, the group is lost
  crash_after,   // commit throws it, the group is durable
};

// Stands for the death of the process: afterwards only destroy the store.
struct injected_crash : std::exception {
  const char* what() const noexcept override { return "injected crash"; }
};

struct mishap_plan {
  std::uint64_t commit = 0;  // which commit, from 1; 0: none
  mishap how = mishap::none;
  std::uint64_t failing_probes = 0;  // begin_term calls that fail as well
};

class faulty_store : public store {
 public:
  faulty_store(std::unique_ptr<store> inner, mishap_plan plan)
      : inner_(std::move(inner)), plan_(plan) {}

  std::uint64_t commits() const noexcept { return commits_; }      // started so far
  std::size_t last_group() const noexcept { return last_group_; }  // bytes of its batches
  // Makes the next `n` reads fail like an unreadable disk.
  void fail_reads(unsigned n) noexcept { failing_reads_ = n; }
  // Delays all loads until they are released, in order. A held load then reads the view of its
  // release if `late`, otherwise the view of its request.
  enum class held : std::uint8_t { early, late };
  void hold_loads(held how);
  std::size_t held_loads() const;
  void release_loads();

  persistence::term term() const override { return inner_->term(); }
  position durable() const override { return inner_->durable(); }
  result<void> commit(position first, std::span<const batch> group) override;
  result<persistence::term> begin_term() override;
  void load(load_request, std::function<void(load_answer)> done) override;
  load_answer read(const load_request&) override;
  store_load load_state() const override { return inner_->load_state(); }
  bool must_wait() const noexcept override { return inner_->must_wait(); }
  void watch(store_events events) override { inner_->watch(std::move(events)); }
  void close() override;

 private:
  fault stopped() const { return {errc::failed, "the store has stopped: injected"}; }

  std::unique_ptr<store> inner_;
  mishap_plan plan_;
  std::uint64_t commits_ = 0;
  std::size_t last_group_ = 0;
  std::atomic<unsigned> failing_reads_{0};
  bool failed_ = false;
  mutable std::mutex mutex_;  // guards what follows
  bool holding_ = false;
  held how_ = held::late;
  std::deque<std::function<void()>> held_;
};

}  // namespace reprise::persistence::internal
