// The executor on the C++ Actor Framework 0.17: the only file that includes CAF.
//
// Ready strands wait in one queue. As many CAF actors as there are scheduler threads take from it; an
// idle one is woken by the message `run`. One CAF actor per host was measured and rejected: an idle
// host was 1.5 KiB larger, a turn touched a dozen more cache lines, and every turn went through the
// scheduler's own queue. Blocking work runs on plain named pools, time on one timer thread.

#include <pthread.h>

#include <caf/all.hpp>

#include <algorithm>
#include <atomic>
#include <cassert>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <span>
#include <thread>
#include <utility>
#include <vector>

#include "runtime/exec/executor.hpp"
#include "runtime/exec/spin_wait.hpp"
#include "runtime/exec/thread_pool.hpp"
#include "runtime/exec/wake_up.hpp"
#include "runtime/machine.hpp"

CAF_BEGIN_TYPE_ID_BLOCK(reprise, caf::first_custom_type_id)
CAF_ADD_ATOM(reprise, reprise::runtime, run_atom, "run")
CAF_END_TYPE_ID_BLOCK(reprise)

namespace reprise::runtime {
namespace {

class caf_executor final : public executor {
 public:
  explicit caf_executor(unsigned workers) : config_(workers), system_(config_) {
    add_pool(std::string(log_pool), 2);  // one commits while the other still opens gates
    for (auto name : {outbox_pool, upkeep_pool}) add_pool(std::string(name), 1);
    for (std::size_t i = 0; i < system_.scheduler().num_workers(); ++i)
      resting_.push_back(system_.spawn([this](caf::event_based_actor* self) -> caf::behavior {
        return {[this, self](run_atom) { run_some(self); }};
      }));
  }
  ~caf_executor() override { stop(); }

  void enqueue(std::shared_ptr<strand> next) override {
    if (attending && attending->by == this && keep_here(next)) return;
    if (!gathering || gathering->by != this) return hand_over({&next, 1});
    gathering->strands.push_back(std::move(next));
    if (gathering->strands.size() == gathered_at_most) share();
  }

  void share() override {
    if (!gathering || gathering->by != this) return;
    gathering->hand_over_jobs();
    if (gathering->strands.empty()) return;
    hand_over(gathering->strands);
    gathering->strands.clear();
  }

  void run_next_inline() override {
    if (attending) attending->by = this;
  }

  void add_pool(std::string name, unsigned threads) override {
    const auto threads_name = is_own(name) ? name.substr(name.find('.') + 1) : name;
    std::lock_guard lock(mutex_);
    pools_.try_emplace(std::move(name), std::make_shared<thread_pool>(threads_name, threads));
  }

  bool has_pool(std::string_view name) const override {
    std::lock_guard lock(mutex_);
    return pools_.find(name) != pools_.end();
  }

  std::vector<pool_status> pools() const override {
    std::vector<pool_status> all;
    std::lock_guard lock(mutex_);
    for (const auto& [name, pool] : pools_) {
      if (is_own(name)) continue;
      const auto load = pool->now();
      all.push_back({name, load.size, load.busy, load.waiting, 0});
    }
    return all;
  }
  void grow_pool(std::string_view pool, int by) override { find(pool)->grow(by); }

  void post(std::string_view pool, job j) override {
    const auto to = find(pool);
    if (pool == outbox_pool || pool == log_pool) return to->post(gathered(std::move(j)));
    if (pool == upkeep_pool) return to->post(std::move(j));
    if (gathering && gathering->by == this)
      gathering->add(to, attended(to.get(), std::move(j)));
    else
      to->post(attended(to.get(), std::move(j)));
  }

  time_point now() override {
    return std::chrono::time_point_cast<duration>(std::chrono::system_clock::now());
  }

  duration boot_time() override { return runtime::boot_time(); }

  void arm(time_point due, job ring) override {
    wake_up_.arm(due, [this, ring = std::make_shared<job>(std::move(ring))] {
      const gathering_up scope(this);
      (*ring)();
    });
  }

  bool simulated() const noexcept override { return false; }

  // The order matters: first no more alarms and recovery, then turns end, then their writes, then their
  // gates.
  void stop() override {
    if (gathering && gathering->by == this)
      gathering->by = nullptr;  // called from one of our own callbacks
    wake_up_.stop();
    find(upkeep_pool)->stop(thread_pool::rest::finished);
    stop_strands();
    find(log_pool)->stop(thread_pool::rest::finished);
    find(outbox_pool)->stop(thread_pool::rest::finished);
    for (auto& [name, pool] : pools_) pool->stop(thread_pool::rest::abandoned);
  }

  void abandon() override { stop(); }

 private:
  // Renames CAF's scheduler threads, which are all called "caf.multiplexer".
  struct worker_name final : caf::thread_hook {
    void init(caf::actor_system&) override {}
    void thread_started() override {
      char name[16] = {};
      ::pthread_getname_np(::pthread_self(), name, sizeof name);
      if (name == std::string_view("caf.multiplexer"))
        ::pthread_setname_np(::pthread_self(), "worker");
    }
    void thread_terminates() override {}
  };

  struct config : caf::actor_system_config {
    explicit config(unsigned workers) {
      add_thread_hook<worker_name>();
      add_message_types<caf::id_block::reprise>();
      set("scheduler.policy", caf::atom("sharing"));
      set("scheduler.max-throughput", std::int64_t{16});
      const auto cores = std::max(2u, this_machine().processors);
      set("scheduler.max-threads", std::int64_t{workers == 0 ? cores : workers});
    }
  };

  static constexpr int strands_per_message = 64;  // then the scheduler may run something else
  static constexpr std::size_t gathered_at_most = 64;

  static bool is_own(std::string_view pool) noexcept {
    return pool == log_pool || pool == outbox_pool || pool == upkeep_pool;
  }

  // Collects the strands that one outbox job or one strand wakes, and the activities that it starts,
  // and hands them over together: waking one worker for each would preempt the waking thread each time.
  // Of the strands that a strand woke, its worker runs one itself.
  struct gathering_up {
    explicit gathering_up(caf_executor* b) : by(b) { gathering = this; }
    ~gathering_up() {
      gathering = nullptr;
      if (!by) return;
      by->hand_over(strands);
      if (pool && pool.get() == returns_to)
        pool->post_at_end(jobs);
      else
        hand_over_jobs();
    }
    void add(const std::shared_ptr<thread_pool>& to, job j) {
      if (pool != to || jobs.size() == gathered_at_most) hand_over_jobs();
      pool = to;
      jobs.push_back(std::move(j));
    }
    void hand_over_jobs() {
      if (pool) pool->post_all(jobs);
      jobs.clear();
    }
    caf_executor* by;
    std::vector<std::shared_ptr<strand>> strands;
    std::shared_ptr<thread_pool> pool;  // the jobs' pool
    std::vector<job> jobs;
    const thread_pool* returns_to = nullptr;  // the pool whose job ends with this scope
  };
  static thread_local gathering_up* gathering;

  // A running job of an added pool, and the strand that runs on its thread afterwards. The job may
  // outlive the executor, the strand may not: once kept here, the strand counts as running.
  struct attendance {
    caf_executor* by = nullptr;  // set by the job as its last act
    std::shared_ptr<strand> next;
  };
  static thread_local attendance* attending;  // set while the thread runs such a job

  job attended(const thread_pool* of, job j) {
    return [of, j = std::move(j)]() mutable {
      attendance here;
      attending = &here;
      j();
      attending = nullptr;
      if (here.next) here.by->run_kept(std::move(here.next), of);
    };
  }

  // Keeps `next` for this thread if a worker would have to be woken for it.
  bool keep_here(std::shared_ptr<strand>& next) {
    std::lock_guard lock(ready_mutex_);
    if (stopped_ || attending->next || !ready_.empty() || resting_.empty()) return false;
    attending->next = std::move(next);
    ++run_elsewhere_;
    return true;
  }
  void run_kept(std::shared_ptr<strand> next, const thread_pool* of) {
    {
      gathering_up made_ready(this);
      made_ready.returns_to = of;
      next->run_now(*this);
      next = nullptr;
    }
    std::lock_guard lock(ready_mutex_);
    --run_elsewhere_;
    all_rest_.notify_all();
  }

  job gathered(job j) {
    return [this, j = std::move(j)]() mutable {
      const gathering_up scope(this);
      j();
    };
  }

  void hand_over(std::span<std::shared_ptr<strand>> next) {
    std::vector<caf::actor> woken;
    {
      std::lock_guard lock(ready_mutex_);
      make_ready(next);
      woken = take_resting(next.size());
    }
    wake(woken);
  }

  // noexcept: an exception would make CAF end the actor, and work would wait for ever.
  void run_some(caf::event_based_actor* self) noexcept {
    gathering_up made_ready(this);
    for (int i = 0; i < strands_per_message; ++i) {
      auto next = take_one(made_ready.strands);
      if (!next) {
        made_ready.hand_over_jobs();
        next = await_one(self);
      }
      if (!next) return;
      next->run_now(*this);
    }
    self->send(self, run_atom_v);
  }

  // Appends `own` to the queue and takes the longest waiting strand. Wakes resting workers for the rest
  // of `own`.
  std::shared_ptr<strand> take_one(std::vector<std::shared_ptr<strand>>& own) {
    std::shared_ptr<strand> next;
    std::vector<caf::actor> woken;
    {
      std::lock_guard lock(ready_mutex_);
      make_ready(own);
      next = take_first();
      if (own.size() > 1) woken = take_resting(own.size() - 1);
    }
    own.clear();
    wake(woken);
    return next;
  }

  // Spins for a strand, unless another worker already does. Returns null after putting `self` to rest.
  std::shared_ptr<strand> await_one(caf::event_based_actor* self) {
    std::unique_lock lock(ready_mutex_);
    if (ready_.empty() && !spinning_ && !stopped_) {
      spinning_ = true;
      wanted_.store(false, std::memory_order_relaxed);
      lock.unlock();
      spin_wait(wanted_);
      lock.lock();
      spinning_ = false;
    }
    auto next = take_first();
    if (next) return next;
    resting_.emplace_back(self);
    all_rest_.notify_all();
    return nullptr;
  }

  // Call with ready_mutex_ held.
  void make_ready(std::span<std::shared_ptr<strand>> next) {
    if (stopped_) return;
    for (auto& each : next) ready_.push_back(std::move(each));
  }
  std::shared_ptr<strand> take_first() {
    if (ready_.empty()) return nullptr;
    auto first = std::move(ready_.front());
    ready_.pop_front();
    return first;
  }
  std::vector<caf::actor> take_resting(std::size_t at_most) {
    std::vector<caf::actor> taken;
    if (stopped_ || at_most == 0) return taken;
    if (spinning_ && !wanted_.exchange(true)) --at_most;  // the spinning worker needs no wake-up
    for (; !resting_.empty() && taken.size() < at_most; resting_.pop_back())
      taken.push_back(std::move(resting_.back()));
    return taken;
  }

  static void wake(const std::vector<caf::actor>& resting) {
    for (const auto& each : resting) caf::anon_send(each, run_atom_v);
  }

  // Runs what is ready, and what that makes ready, then ends the actors.
  void stop_strands() {
    std::vector<caf::actor> resting;
    {
      std::unique_lock lock(ready_mutex_);
      const auto workers = system_.scheduler().num_workers();
      all_rest_.wait(
          lock, [&] { return stopped_ || (resting_.size() == workers && run_elsewhere_ == 0); });
      stopped_ = true;
      resting.swap(resting_);
    }
    for (const auto& each : resting) caf::anon_send_exit(each, caf::exit_reason::user_shutdown);
    resting.clear();
    system_.await_all_actors_done();
  }

  std::shared_ptr<thread_pool> find(std::string_view name) const {
    std::lock_guard lock(mutex_);
    const auto found = pools_.find(name);
    assert(found != pools_.end() && "work is posted to pools that were added");
    return found->second;
  }

  std::mutex ready_mutex_;
  std::condition_variable all_rest_;
  std::deque<std::shared_ptr<strand>> ready_;
  std::vector<caf::actor> resting_;  // idle actors; empty while all are working
  bool spinning_ = false;            // a worker is spinning and will see new work without a wake-up
  std::atomic<bool> wanted_{false};  // ends the spinning
  std::size_t run_elsewhere_ = 0;    // strands that run on pool threads
  bool stopped_ = false;

  mutable std::mutex mutex_;  // guards pools_
  std::map<std::string, std::shared_ptr<thread_pool>, std::less<>> pools_;
  wake_up wake_up_;
  config config_;
  caf::actor_system system_;  // last: its destructor waits for the strands, which may still post
};

thread_local caf_executor::gathering_up* caf_executor::gathering = nullptr;
thread_local caf_executor::attendance* caf_executor::attending = nullptr;

}  // namespace

std::unique_ptr<executor> make_caf_executor(unsigned workers) {
  return std::make_unique<caf_executor>(workers);
}

}  // namespace reprise::runtime
