// The seam between the engine and whatever gives it threads and time. Two implementations: CAF's
// scheduler and named thread pools (caf_executor), and one thread driven by a seed
// (simulated_executor).
//
// The engine never starts a thread, asks a clock or blocks: it wakes strands, posts jobs and arms
// one wake-up. That is why the same engine runs in simulation and under ThreadSanitizer.

#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "actors/time.hpp"
#include "runtime/activity_status.hpp"
#include "runtime/exec/callback.hpp"

namespace reprise::runtime {

class executor;

// Something that runs when woken, by one thread at a time: any number of wake-ups while it waits or
// runs make one more run. It is kept alive while it waits or runs, by the executor, and otherwise
// by its owner; idle it costs nothing but itself.
class strand : public std::enable_shared_from_this<strand> {
 public:
  virtual ~strand() = default;

  // Any thread. At least one run begins after this call.
  void wake(executor&);
  // The first half of it: what it gives is to be enqueued by the caller. Nothing: that was done already.
  std::shared_ptr<strand> rouse();
  // Called by the executor when its turn has come.
  void run_now(executor&);

 protected:
  virtual void run() = 0;  // must not throw

 private:
  enum class state : std::uint8_t { idle, queued, running, again };
  std::atomic<state> state_{state::idle};
};

// The engine's own pools; activity pools have the names that applications give them.
inline constexpr std::string_view log_pool = "reprise.log";        // commits, and opens a few gates
inline constexpr std::string_view outbox_pool = "reprise.outbox";  // opens many gates
inline constexpr std::string_view upkeep_pool = "reprise.upkeep";  // recovery, passivation

class executor {
 public:
  virtual ~executor() = default;

  // Calls `run_now` on one of its threads, soon. From a strand that runs: when that has ended, on the
  // same thread if no other takes it.
  virtual void enqueue(std::shared_ptr<strand>) = 0;
  // From a strand or job that goes on and may take long: what it has made ready does not wait for its
  // end.
  virtual void share() {}
  // From a job of an added pool, as its last act: the next strand that it makes ready may run on its
  // thread, when the job has ended and no worker is at work.
  virtual void run_next_here() {}

  // Creates a pool; the three above exist. Not after the first post to it.
  virtual void add_pool(std::string name, unsigned threads) = 0;
  virtual bool has_pool(std::string_view name) const = 0;
  virtual void post(std::string_view pool, job) = 0;
  // Of the pools that were added: who works there. A thread that is lost in its job is made up for.
  virtual std::vector<pool_status> pools() const = 0;
  virtual void grow_pool(std::string_view pool, int by) = 0;

  virtual time_point now() = 0;      // real time; the engine makes it monotonic
  virtual duration boot_time() = 0;  // since the machine started, whatever its clock is set to
  // Runs `ring` once, on a thread that does nothing else, at `due` or soon after; or when the machine's
  // clock was set meanwhile. Replaces what was armed before.
  virtual void arm(time_point due, job ring) = 0;

  // True when loads must be answered by a posted job, so that one thread does everything.
  virtual bool simulated() const noexcept = 0;

  // No new jobs are taken; those of the engine's pools and the strands end, activities that still
  // run are left to themselves. Blocks until the rest is quiet.
  virtual void stop() = 0;
  // Drops what waits, at once: the end of a node that was not closed.
  virtual void abandon() = 0;
};

std::unique_ptr<executor> make_caf_executor(unsigned workers);

inline std::shared_ptr<strand> strand::rouse() {
  for (auto seen = state_.load();;) {
    if (seen == state::queued || seen == state::again) return nullptr;
    const auto next = seen == state::idle ? state::queued : state::again;
    if (!state_.compare_exchange_weak(seen, next)) continue;
    return next == state::queued ? shared_from_this() : nullptr;
  }
}

inline void strand::wake(executor& on) {
  if (auto roused = rouse()) on.enqueue(std::move(roused));
}

inline void strand::run_now(executor& on) {
  state_.store(state::running);
  run();
  auto running = state::running;
  if (state_.compare_exchange_strong(running, state::idle)) return;
  state_.store(state::queued);
  on.enqueue(shared_from_this());
}

}  // namespace reprise::runtime
