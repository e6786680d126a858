// The ordered queue of transitions and its group commit.
//
// A turn takes a ticket (its position), delivers its messages, then publishes its writes. Delivery
// comes before publication, so whatever a load can see has been delivered already; and whoever acts
// on a message takes a later ticket. One job at a time takes the longest published prefix, makes it
// durable with one write and one flush, and only then opens the gates of what must leave.
//
// Threads: any. A few gates run on the thread that committed, when it has nothing else to do; many on the
// outbox pool; those of a durable position at once on the caller's.

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
  // What the log needs of its node.
  struct hooks {
    std::function<time_point()> now;  // stored with every group: time never runs back
    std::function<void(const persistence::fault&)>
        failed;                            // after a failed commit, on the log's thread
    std::shared_ptr<crash_slate> slate{};  // where who wrote a group is named; none: nowhere
  };
  commit_log(persistence::store&, executor&, hooks);

  struct ticket {
    position at = 0;
    persistence::term term = 0;
    std::uint64_t epoch = 0;
    runtime::horizon horizon() const noexcept { return {epoch, at}; }
  };

  // The next position. It must be published soon and without user code in between: all later ones
  // wait for it. `epoch` is the one the caller began in; nothing once the log has started anew.
  bool take(std::uint64_t epoch, ticket&);
  // By another transition of the same instance: both in one flush, if it comes within microseconds.
  enum class followed : bool { no, at_once };
  void publish(const ticket&, persistence::batch writes, std::vector<gate> gates,
               followed = followed::no);

  // Opens `g` when all up to `h` is durable, at once if it is; or when it is known that it never will
  // be: what was taken in an epoch that is over, and not written in it, is lost, whatever has its
  // position now.
  void when_durable(const horizon& h, gate g);
  // False: not yet, or never.
  bool is_durable(const horizon&) const noexcept;

  position newest() const;  // taken, durable or not
  horizon taken() const;    // all that is
  position durable() const noexcept { return durable_.load(std::memory_order_acquire); }
  std::uint64_t epoch() const noexcept { return epoch_.load(std::memory_order_acquire); }
  persistence::term term() const noexcept { return term_.load(std::memory_order_acquire); }
  std::uint64_t groups() const noexcept { return groups_.load(std::memory_order_relaxed); }

  // Of all groups that were made durable.
  struct totals {
    std::uint64_t transitions = 0, bytes = 0;
    duration took{};
  };
  totals written() const noexcept;

  // After `failed`: everything queued is answered so, tickets of the old epoch are void. Then `begin`
  // with the new term lets it go on. It waits for those that took a ticket and have not published yet:
  // when it returns, no transition of before does anything any more.
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
  bool more_is_ready() const { return !slots_.empty() && slots_.front().ready; }  // under mutex_
  bool collect(std::vector<persistence::batch>& group);                           // likewise
  void note(std::span<const persistence::batch> group, duration took);
  // How many gates there are of this group that nobody opens yet.
  std::size_t settle(std::size_t count, std::uint64_t epoch);

  persistence::store& store_;
  executor& executor_;
  hooks hooks_;
  outbox outbox_;

  mutable std::mutex mutex_;
  std::deque<slot> slots_;  // slots_[i] is position first_ + i; none of them is durable
  position first_ = 1;
  bool scheduled_ = false;             // a commit job is posted or runs
  bool stopped_ = false;               // after a failure, until `begin`
  std::size_t unpublished_ = 0;        // tickets, of all epochs
  std::condition_variable published_;  // the last of them of an epoch that is over
  position kept_ = 0;                  // durable when the epoch before this one ended
  commit_outcome rest_ = commit_outcome::not_applied;  // what became of all else of it
  std::atomic<position> durable_{0};
  std::atomic<std::uint64_t> epoch_{0};
  std::atomic<persistence::term> term_{0};
  std::atomic<std::uint64_t> groups_{0};
  std::atomic<std::uint64_t> transitions_{0}, bytes_{0};
  std::atomic<duration::rep> took_{0};
  duration last_took_{};  // by the job that commits
};

}  // namespace reprise::runtime
