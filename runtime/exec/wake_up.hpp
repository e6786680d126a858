// One alarm on the wall clock: a thread waits for the due time and rings once. It rings early if the
// clock is set meanwhile, which it notices within a second.

#pragma once

#include <pthread.h>
#include <time.h>

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

#include "actors/time.hpp"

namespace reprise::runtime {

inline duration boot_time() noexcept {
  timespec t{};
  ::clock_gettime(CLOCK_BOOTTIME, &t);
  return std::chrono::seconds(t.tv_sec) + duration(t.tv_nsec);
}

class wake_up {
 public:
  wake_up() = default;
  ~wake_up() { stop(); }

  void arm(time_point due, std::function<void()> ring) {
    std::lock_guard lock(mutex_);
    if (stopped_) return;
    due_ = due;
    offset_ = offset();
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
  static constexpr duration a_step = std::chrono::milliseconds(100);
  static constexpr duration between_looks = std::chrono::seconds(1);

  static duration offset() {
    return duration(std::chrono::system_clock::now().time_since_epoch()) - boot_time();
  }

  void serve() {
    ::pthread_setname_np(::pthread_self(), "timer");
    std::unique_lock lock(mutex_);
    while (!stopped_) {
      if (!due_) {
        changed_.wait(lock);
        continue;
      }
      const duration left = *due_ - std::chrono::system_clock::now();
      if (left > duration(0) && std::chrono::abs(offset() - offset_) < a_step) {
        changed_.wait_for(lock, std::min(left, between_looks));
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
  duration offset_{0};  // wall clock minus boot time when armed
  std::function<void()> ring_;
  bool stopped_ = false;
  std::thread thread_;
};

}  // namespace reprise::runtime
