// Threads that run jobs in the order of posting: for work that may block.
//
// Threads: `post` from any. Threads start with the first jobs, up to the pool's size. A thread that
// is still busy when the pool is stopped as `abandoned` runs on alone and ends after its job.

#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "runtime/internal/callback.hpp"

namespace reprise::runtime {

class thread_pool {
 public:
  explicit thread_pool(unsigned size) : shared_(std::make_shared<shared>()), size_(size) {}
  ~thread_pool() { stop(rest::abandoned); }
  thread_pool(const thread_pool&) = delete;
  thread_pool& operator=(const thread_pool&) = delete;

  void post(job j) {
    std::unique_lock lock(shared_->mutex);
    if (shared_->stopped) return;
    shared_->jobs.push_back(std::move(j));
    if (shared_->idle >= shared_->jobs.size()) {
      lock.unlock();
      shared_->posted.notify_one();
    } else if (threads_.size() < size_) {
      threads_.emplace_back([s = shared_] { s->serve(); });
    }
  }

  // What happens to jobs that wait or run when the pool stops.
  enum class rest { finished, abandoned };

  void stop(rest what) {
    {
      std::lock_guard lock(shared_->mutex);
      if (shared_->stopped) return;
      shared_->stopped = true;
      if (what == rest::abandoned) shared_->jobs.clear();
    }
    shared_->posted.notify_all();
    for (auto& thread : threads_)
      if (what == rest::finished && thread.get_id() != std::this_thread::get_id())
        thread.join();
      else
        thread.detach();
    threads_.clear();
  }

 private:
  struct shared {
    std::mutex mutex;
    std::condition_variable posted;
    std::deque<job> jobs;
    std::size_t idle = 0;
    bool stopped = false;

    void serve() {
      std::unique_lock lock(mutex);
      for (;;) {
        ++idle;
        posted.wait(lock, [this] { return stopped || !jobs.empty(); });
        --idle;
        if (jobs.empty()) return;
        auto next = std::move(jobs.front());
        jobs.pop_front();
        lock.unlock();
        next();
        next = {};
        lock.lock();
      }
    }
  };

  std::shared_ptr<shared> shared_;
  unsigned size_;
  std::vector<std::thread> threads_;  // under shared_->mutex while posting
};

}  // namespace reprise::runtime
