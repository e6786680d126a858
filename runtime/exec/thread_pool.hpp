// Threads that run jobs in the order of posting, for work that may block.
//
// At most one wake-up is in flight: `post` wakes one thread (or starts one, up to the pool's size), and
// each woken thread wakes the next, if jobs are left, before it runs its own. So blocking jobs use all
// threads, and a burst of short jobs is done before many threads were woken.
//
// A thread without work spins for a while before it sleeps, one thread of a pool at a time.
//
// `name` is shown for its threads in `top -H`, `perf` and debuggers, cut to 15 bytes.
//
// Threads: `post` from any. A thread that is busy when the pool is stopped with `abandoned` runs on
// alone and ends after its job.

#pragma once

#include <pthread.h>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "runtime/exec/callback.hpp"
#include "runtime/exec/spin_wait.hpp"

namespace reprise::runtime {

class thread_pool {
 public:
  thread_pool(std::string_view name, unsigned size)
      : shared_(std::make_shared<shared>(name, size)) {}
  ~thread_pool() { stop(rest::abandoned); }
  thread_pool(const thread_pool&) = delete;
  thread_pool& operator=(const thread_pool&) = delete;

  void post(job j) { post_all({&j, 1}); }
  void post_all(std::span<job> jobs) {  // moves from the jobs
    std::unique_lock lock(shared_->mutex);
    if (add(jobs)) send_one(shared_, lock);
  }
  // For a job of this pool that is about to end: its own thread takes the first of the jobs.
  void post_at_end(std::span<job> jobs) {
    std::unique_lock lock(shared_->mutex);
    add(jobs);
  }

  // Changes the number of threads: one more for a thread that is lost in its job, one less when it has
  // come back.
  void grow(int by) {
    std::unique_lock lock(shared_->mutex);
    shared_->size = static_cast<unsigned>(static_cast<int>(shared_->size) + by);
    if (!shared_->jobs.empty()) send_one(shared_, lock);
  }
  struct load {
    std::size_t size = 0, busy = 0, waiting = 0;
  };
  load now() const {
    std::lock_guard lock(shared_->mutex);
    return {shared_->size, shared_->threads.size() - shared_->idle, shared_->jobs.size()};
  }

  // What `stop` does with jobs that wait or run.
  enum class rest { finished, abandoned };

  void stop(rest what) {
    std::vector<std::thread> threads;
    {
      std::lock_guard lock(shared_->mutex);
      if (shared_->stopped) return;
      shared_->stopped = true;
      if (what == rest::abandoned) shared_->jobs.clear();
      threads.swap(shared_->threads);
    }
    shared_->wanted = true;
    shared_->posted.notify_all();
    for (auto& thread : threads)
      if (what == rest::finished && thread.get_id() != std::this_thread::get_id())
        thread.join();
      else
        thread.detach();
  }

 private:
  struct shared {
    shared(std::string_view called, unsigned n) : name(called.substr(0, 15)), size(n) {}
    const std::string name;
    unsigned size;
    std::mutex mutex;
    std::condition_variable posted;
    std::deque<job> jobs;
    std::vector<std::thread> threads;
    std::size_t idle = 0;     // sleeping threads
    bool on_its_way = false;  // a thread was woken or started and has not looked for a job yet
    bool spinning = false;    // a thread is spinning and will see new jobs without a wake-up
    std::atomic<bool> wanted{false};  // ends the spinning
    bool stopped = false;
  };

  bool add(std::span<job> jobs) {  // call with the lock held
    if (shared_->stopped || jobs.empty()) return false;
    for (auto& j : jobs) shared_->jobs.push_back(std::move(j));
    return true;
  }

  // Makes a thread come for a job that none is coming for. If it wakes one, it releases the lock first.
  static void send_one(const std::shared_ptr<shared>& s, std::unique_lock<std::mutex>& lock) {
    if (s->on_its_way) return;
    if (s->spinning) {
      s->wanted.store(true, std::memory_order_relaxed);
    } else if (s->idle > 0) {
      s->on_its_way = true;
      lock.unlock();
      s->posted.notify_one();
    } else if (s->threads.size() < s->size && !s->stopped) {
      s->threads.emplace_back([s] { serve(s); });
      s->on_its_way = true;
    }
  }

  static void serve(const std::shared_ptr<shared>& s) {
    ::pthread_setname_np(::pthread_self(), s->name.c_str());
    std::unique_lock lock(s->mutex);
    s->on_its_way = false;
    bool may_spin = false;  // once after each job
    for (;;) {
      if (s->jobs.empty()) {
        if (s->stopped) return;
        if (!s->spinning && may_spin) {
          may_spin = false;
          spin_for_jobs(*s, lock);
          continue;
        }
        ++s->idle;
        s->posted.wait(lock);
        --s->idle;
        s->on_its_way = false;
        continue;
      }
      auto next = std::move(s->jobs.front());
      s->jobs.pop_front();
      if (!s->jobs.empty()) send_one(s, lock);
      if (lock.owns_lock()) lock.unlock();
      next();
      next = {};
      may_spin = true;
      lock.lock();
    }
  }

  static void spin_for_jobs(shared& s, std::unique_lock<std::mutex>& lock) {
    s.spinning = true;
    s.wanted.store(false, std::memory_order_relaxed);
    lock.unlock();
    spin_wait(s.wanted);
    lock.lock();
    s.spinning = false;
  }

  std::shared_ptr<shared> shared_;
};

}  // namespace reprise::runtime
