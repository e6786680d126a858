// One alarm on the wall clock: a thread that waits for the nearest due time and rings once.

#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

#include "actors/time.hpp"

namespace reprise::runtime {

class wake_up {
 public:
  wake_up() = default;
  ~wake_up() { stop(); }

  void arm(time_point due, std::function<void()> ring) {
    std::lock_guard lock(mutex_);
    if (stopped_) return;
    due_ = due;
    ring_ = std::move(ring);
    if (!thread_.joinable()) thread_ = std::thread([this] { serve(); });
    changed_.notify_one();
  }

  void stop() {
    {
      std::lock_guard lock(mutex_);
      stopped_ = true;
      changed_.notify_one();
    }
    if (thread_.joinable()) thread_.join();
  }

 private:
  void serve() {
    std::unique_lock lock(mutex_);
    while (!stopped_) {
      if (!due_) {
        changed_.wait(lock);
        continue;
      }
      // The wall clock may be set while we wait; a look every ten minutes bounds the error.
      const auto now = std::chrono::system_clock::now();
      if (now < *due_) {
        changed_.wait_for(lock, std::min<duration>(*due_ - now, std::chrono::minutes(10)));
        continue;
      }
      due_.reset();
      const auto ring = std::move(ring_);
      lock.unlock();
      ring();
      lock.lock();
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<time_point> due_;
  std::function<void()> ring_;
  bool stopped_ = false;
  std::thread thread_;
};

}  // namespace reprise::runtime
