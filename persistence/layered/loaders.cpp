#include "persistence/layered/loaders.hpp"

#include <pthread.h>

#include <utility>

namespace reprise::persistence::internal {

loaders::loaders(unsigned threads) {
  for (unsigned i = 0; i < threads; ++i) threads_.emplace_back([this] { run(); });
}

void loaders::post(std::function<void()> work) {
  {
    const std::scoped_lock lock(mutex_);
    queue_.push_back(std::move(work));
  }
  ready_.notify_one();
}

std::deque<std::function<void()>> loaders::stop() {
  std::deque<std::function<void()>> undone;
  {
    const std::scoped_lock lock(mutex_);
    stopped_ = true;
    undone.swap(queue_);
  }
  ready_.notify_all();
  for (auto& t : threads_) t.join();
  threads_.clear();
  return undone;
}

void loaders::run() {
  ::pthread_setname_np(::pthread_self(), "load");
  std::unique_lock lock(mutex_);
  for (;;) {
    ready_.wait(lock, [this] { return stopped_ || !queue_.empty(); });
    if (stopped_) return;
    auto work = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    work();
    work = nullptr;
    lock.lock();
  }
}

}  // namespace reprise::persistence::internal
