// The ordered queue of transitions and its group commit.
//
// A turn takes a ticket (its position), delivers its messages, then publishes its writes. Delivery
// comes before publication, so whatever a load can see has already been delivered; and a turn that acts
// on a message takes a later ticket. One job at a time takes the longest published prefix, makes it
// durable with one write and one flush, and only then opens the gates: whatever waits to leave the
// node.
//
// Threads: any. A few gates are opened by the committing thread if it has nothing else to do, many by
// the outbox pool, and those of an already durable position at once by the caller.

#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "actors/time.hpp"
#include "persistence/store.hpp"
#include "runtime/commit/outbox.hpp"
#include "runtime/crash/crash_slate.hpp"
#include "runtime/exec/callback.hpp"
#include "runtime/exec/executor.hpp"
#include "runtime/message/horizon.hpp"

namespace reprise::runtime {

class commit_log {
 public:
  // What the log needs from its node.
  struct hooks {
    std::function<time_point()> now;  // stored with every group, so that time never runs back
    std::function<void(const persistence::fault&)>
        failed;  // called on the log's thread after a failed commit
    // Names the writers of the group being written; null: they are not named.
    std::shared_ptr<crash_slate> slate{};
  };
  commit_log(persistence::store&, executor&, hooks);

  struct ticket {
    position at = 0;
    persistence::term term = 0;
    std::uint64_t epoch = 0;
    runtime::horizon horizon() const noexcept { return {epoch, at}; }
  };

  // Takes the next position. It must be published soon, without user code in between, as all later
  // positions wait for it. `epoch` is the one the caller started in; false if the log has restarted
  // since.
  bool take(std::uint64_t epoch, ticket&);
  // Hint: the same instance publishes again within microseconds; the log waits briefly so that one
  // flush covers both.
  enum class followed : bool { no, at_once };
  void publish(const ticket&, persistence::batch writes, std::vector<gate> gates,
               followed = followed::no);

  // Opens `g` when everything up to `h` is durable (at once if it is), or when it is known to be lost:
  // what was taken in an ended epoch and not written in it never becomes durable, even if its position
  // is given again.
  void when_durable(const horizon& h, gate g);
  // False: not yet durable, or never.
  bool is_durable(const horizon&) const noexcept;

  position newest() const;  // last position taken, durable or not
  horizon taken() const;    // the same with its epoch
  position durable() const noexcept { return durable_.load(std::memory_order_acquire); }
  std::uint64_t epoch() const noexcept { return epoch_.load(std::memory_order_acquire); }
  persistence::term term() const noexcept { return term_.load(std::memory_order_acquire); }
  std::uint64_t groups() const noexcept { return groups_.load(std::memory_order_relaxed); }

  // Totals of all durable groups.
  struct totals {
    std::uint64_t transitions = 0, bytes = 0;
    duration took{};
  };
  totals written() const noexcept;

  // Recovery after `failed`. drop_all: everything queued gets this outcome, tickets of the old epoch
  // become void. begin: continues with the new term, after all taken tickets have been published; when
  // it returns, no earlier transition has any further effect.
  void drop_all(commit_outcome);
  void begin(persistence::term, position durable);

 private:
  struct slot {
    persistence::batch writes;
    std::vector<gate> gates;
    bool ready = false;
    bool followed = false;
  };

  void commit_some();
  persistence::result<void> commit(position first, std::span<const persistence::batch> group,
                                   time_point now);
  void await_follower(std::unique_lock<std::mutex>&);
  // Call with mutex_ held.
  bool more_is_ready() const { return !slots_.empty() && slots_.front().ready; }
  bool collect(std::vector<persistence::batch>& group);  // likewise
  void note(std::span<const persistence::batch> group, duration took);
  // Moves the gates of `count` committed transitions to the outbox. Returns how many the caller must
  // see opened; 0 if a thread is already opening gates.
  std::size_t settle(std::size_t count, std::uint64_t epoch);

  persistence::store& store_;
  executor& executor_;
  hooks hooks_;
  outbox outbox_;

  mutable std::mutex mutex_;
  std::deque<slot> slots_;  // slots_[i] is position first_ + i; none is durable
  position first_ = 1;
  bool scheduled_ = false;             // a commit job is posted or running
  bool stopped_ = false;               // after a failure, until `begin`
  std::size_t unpublished_ = 0;        // tickets taken and not published, of all epochs
  std::condition_variable published_;  // unpublished_ reached 0 for an ended epoch
  position kept_ = 0;                  // last durable position of the previous epoch
  commit_outcome rest_ = commit_outcome::not_applied;  // what became of the rest of that epoch
  std::atomic<position> durable_{0};
  std::atomic<std::uint64_t> epoch_{0};
  std::atomic<persistence::term> term_{0};
  std::atomic<std::uint64_t> groups_{0};
  std::atomic<std::uint64_t> transitions_{0}, bytes_{0};
  std::atomic<duration::rep> took_{0};
  duration last_took_{};  // used by the commit job only
};

}  // namespace reprise::runtime
