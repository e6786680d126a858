// An answer that is still to come: what `node::ask` gives a C++ service.
//
// Threads: any; several may wait. An abandoned handle withdraws nothing: the call goes on.

#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "actors/failure.hpp"
#include "actors/time.hpp"

namespace reprise {

template <class T>
class [[nodiscard]] handle {
 public:
  handle() : shared_(std::make_shared<slot>()) {}

  // Waits. Never from a callback of the node's, nor from an operation or activity.
  result<T> get() const {
    std::unique_lock lock(shared_->mutex);
    shared_->filled.wait(lock, [this] { return shared_->answer.has_value(); });
    return *shared_->answer;
  }

  // Nothing when it did not come in time; it may still come. duration::max(): as `get`.
  std::optional<result<T>> wait_for(duration limit) const {
    using clock = std::chrono::steady_clock;
    const auto now = clock::now();
    const auto end =
        limit < clock::time_point::max() - now ? now + limit : clock::time_point::max();
    std::unique_lock lock(shared_->mutex);
    shared_->filled.wait_until(lock, end, [this] { return shared_->answer.has_value(); });
    return shared_->answer;
  }

  bool ready() const {
    std::lock_guard lock(shared_->mutex);
    return shared_->answer.has_value();
  }

  // Used by whoever answers; the first answer counts.
  void set(result<T> answer) const {
    {
      std::lock_guard lock(shared_->mutex);
      if (shared_->answer) return;
      shared_->answer.emplace(std::move(answer));
    }
    shared_->filled.notify_all();
  }

 private:
  struct slot {
    std::mutex mutex;
    std::condition_variable filled;
    std::optional<result<T>> answer;
  };
  std::shared_ptr<slot> shared_;
};

}  // namespace reprise
