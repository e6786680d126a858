#include "persistence/layered/fold_thread.hpp"

#include <pthread.h>

#include <algorithm>

namespace reprise::persistence::internal {

namespace {
using namespace std::chrono_literals;
constexpr std::chrono::milliseconds first_pause = 100ms;  // people and other programs make room
constexpr std::chrono::milliseconds longest_pause = 5s;
}  // namespace

void fold_thread::ask() {
  {
    const std::scoped_lock lock(mutex_);
    asked_ = true;
  }
  ready_.notify_one();
}

void fold_thread::ask_by(clock::time_point at) {
  {
    const std::scoped_lock lock(mutex_);
    if (by_ && *by_ <= at) return;
    by_ = at;
  }
  ready_.notify_one();
}

void fold_thread::stop() {
  {
    const std::scoped_lock lock(mutex_);
    stopped_ = true;
  }
  ready_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void fold_thread::run() {
  ::pthread_setname_np(::pthread_self(), "fold");
  auto pause = first_pause;
  bool more_beside = true;
  std::unique_lock lock(mutex_);
  for (;;) {
    while (more_beside && !due()) {
      lock.unlock();
      more_beside = beside_();
      lock.lock();
    }
    while (!due()) {
      if (by_)
        ready_.wait_until(lock, *by_);
      else
        ready_.wait(lock);
    }
    if (stopped_) return;
    asked_ = false;
    by_.reset();
    lock.unlock();
    const auto result = fold_();
    lock.lock();
    if (result == outcome::no_room) {
      by_ = clock::now() + pause;
      pause = std::min(pause * 2, longest_pause);
    } else {
      pause = first_pause;
    }
  }
}

}  // namespace reprise::persistence::internal
