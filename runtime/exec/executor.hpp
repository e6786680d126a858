// Interface to threads and time. Two implementations: CAF's scheduler with named thread pools
// (caf_executor), and one thread driven by a seed (simulated_executor).
//
// The rest of the runtime never starts a thread, reads a clock or blocks: it wakes strands, posts jobs
// and arms one alarm. That is why the same code runs in simulation and under ThreadSanitizer.

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

// Runs when woken, on one thread at a time; wake-ups that arrive while it waits or runs cause one more
// run. The executor keeps it alive while it waits or runs, otherwise its owner does. An idle strand
// needs no memory but its own.
class strand : public std::enable_shared_from_this<strand> {
 public:
  virtual ~strand() = default;

  // Makes it run: at least one run begins after this call. Any thread.
  void wake(executor&);
  // As `wake`, but the caller enqueues the returned strand. Null: it is enqueued already.
  std::shared_ptr<strand> rouse();
  // Called by the executor to run it.
  void run_now(executor&);

 protected:
  virtual void run() = 0;  // must not throw

 private:
  enum class state : std::uint8_t { idle, queued, running, again };
  std::atomic<state> state_{state::idle};
};

// The runtime's own pools; activity pools have the names that applications choose.
// commits, and opens gates if they are few
inline constexpr std::string_view log_pool = "reprise.log";
inline constexpr std::string_view outbox_pool = "reprise.outbox";  // opens gates if they are many
// Background work: recovery, passivation, sweeps.
inline constexpr std::string_view upkeep_pool = "reprise.upkeep";

class executor {
 public:
  virtual ~executor() = default;

  // Calls `run_now` on a thread of the executor, soon. If called by a running strand: after that
  // strand's run, on the same thread unless another takes it first.
  virtual void enqueue(std::shared_ptr<strand>) = 0;
  // Called by a strand or job that may run for long: what it has made ready so far is handed over now
  // instead of at its end.
  virtual void share() {}
  // Called by a job of an added pool as its last act: the next strand that it makes ready may run on
  // its thread after the job, if no worker is active.
  virtual void run_next_inline() {}

  // Creates a pool; the three above exist. Must not be called for a pool that already has work posted.
  virtual void add_pool(std::string name, unsigned threads) = 0;
  virtual bool has_pool(std::string_view name) const = 0;
  virtual void post(std::string_view pool, job) = 0;
  // Load of the added pools.
  virtual std::vector<pool_status> pools() const = 0;
  virtual void grow_pool(std::string_view pool, int by) = 0;

  virtual time_point now() = 0;  // real time; node_clock makes it monotonic
  // Since the machine started; setting its clock does not change it.
  virtual duration boot_time() = 0;
  // Calls `ring` once on the timer thread, at `due` or soon after, or earlier if the machine's clock is
  // set meanwhile. Replaces the alarm armed before.
  virtual void arm(time_point due, job ring) = 0;

  // True if loads must be answered by a posted job, so that one thread does everything.
  virtual bool simulated() const noexcept = 0;

  // Refuses new jobs and waits until strands and jobs of the runtime's own pools have ended. Activities
  // that still run are abandoned.
  virtual void stop() = 0;
  // Drops everything that waits, at once: the end of a node that was not closed.
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
