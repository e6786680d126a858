// A future for an answer: what `node::ask` returns to a C++ service.
//
// Threads: any; several may wait. Dropping a handle cancels nothing: the call goes on.

#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
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

  // Blocks until the answer is there. Do not call from a callback of the node, nor from an operation or
  // activity.
  result<T> get() const {
    std::unique_lock lock(shared_->mutex);
    shared_->filled.wait(lock, [this] { return shared_->answer.has_value(); });
    return *shared_->answer;
  }

  // Returns nullopt if no answer came in time; it may still come. duration::max() waits as `get` does.
  std::optional<result<T>> wait_for(duration limit) const {
    using clock = std::chrono::steady_clock;
    const auto now = clock::now();
    const auto end =
        limit < clock::time_point::max() - now ? now + limit : clock::time_point::max();
    std::unique_lock lock(shared_->mutex);
    shared_->filled.wait_until(lock, end, [this] { return shared_->answer.has_value(); });
    return shared_->answer;
  }

  // Returns whether `get` would return at once.
  bool ready() const {
    std::lock_guard lock(shared_->mutex);
    return shared_->answer.has_value();
  }

  // Called by the answering side. The first answer counts, later ones are ignored.
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

// What is called with an answer, once.
template <class T>
using when = std::function<void(result<T>)>;

// Makes a handle of what answers to a callback:
//   handle_of<instance_status>([&](auto told) { instances.status(id, how, told); })
template <class T, class Ask>
handle<T> handle_of(Ask&& ask) {
  handle<T> answer;
  ask([answer](result<T> r) { answer.set(std::move(r)); });
  return answer;
}
// The same for what answers without a value.
template <class Ask>
handle<done_t> handle_of_done(Ask&& ask) {
  handle<done_t> answer;
  ask([answer](result<> r) { answer.set(r ? result<done_t>(done) : result<done_t>(r.error())); });
  return answer;
}

}  // namespace reprise
