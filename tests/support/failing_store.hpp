// A store around another that fails in any of its calls, once, several times in a row, or always,
// and that detects when it is used in a way that store.hpp forbids.
//
// Threads: as in store.hpp.

#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <utility>

#include "persistence/store.hpp"

namespace reprise::testing {

enum class store_call : std::uint8_t { commit, begin_term, load, read };

struct failure_plan {
  store_call in = store_call::commit;
  persistence::errc code = persistence::errc::not_written;
  std::uint64_t first = 0;  // the first of these calls to fail, from 1; 0: none
  std::uint64_t times = 1;
  bool kept = false;  // of a commit, unless `not_written`: the group is durable anyway
  // This commit is never written, and counting starts after it.
  std::uint64_t refused_commit = 0;
};

class failing_store final : public persistence::store {
 public:
  failing_store(std::unique_ptr<persistence::store> inner, failure_plan plan)
      : inner_(std::move(inner)), plan_(plan), counts_(plan.refused_commit == 0) {}

  // Called before each commit, on its thread, with its number from 1.
  std::function<void(std::uint64_t)> at_commit;
  // How often it was used in a way that store.hpp forbids.
  unsigned misuses() const noexcept { return misuses_; }
  bool hit() const noexcept { return hit_; }
  bool never_fails() const noexcept { return plan_.first == ~std::uint64_t{0}; }
  // How many calls of the plan's kind there were, failed or not.
  std::uint64_t calls() const noexcept { return calls_; }

  persistence::term term() const override { return inner_->term(); }
  persistence::position durable() const override { return inner_->durable(); }
  persistence::result<void> commit(persistence::position first,
                                   std::span<const persistence::batch> group) override;
  persistence::result<persistence::term> begin_term() override;
  void load(persistence::load_request, std::function<void(persistence::load_answer)>) override;
  persistence::load_answer read(const persistence::load_request&) override;
  persistence::store_load load_state() const override { return inner_->load_state(); }
  bool must_wait() const noexcept override { return false; }
  void watch(persistence::store_events) override {}
  void close() override;

 private:
  bool fails(store_call);
  bool ended();  // counts a misuse if it is closed
  persistence::fault fault_of(persistence::errc) const;
  persistence::load_answer refused(persistence::errc) const;

  const std::unique_ptr<persistence::store> inner_;
  const failure_plan plan_;
  std::atomic<std::uint64_t> calls_{0};  // of the plan's kind, since counting started
  std::uint64_t commits_ = 0;
  std::atomic<bool> counts_;
  std::atomic<bool> hit_{false}, failed_{false}, needs_term_{false}, closed_{false};
  std::atomic<unsigned> misuses_{0};
};

}  // namespace reprise::testing
