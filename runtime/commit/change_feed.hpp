// Watchers of changes to instances. They are called when a change is durable, on the thread that opens
// gates. Without watchers a transition only reads one flag.

#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <utility>

namespace reprise::runtime {

class change_feed {
 public:
  using watcher = std::function<void(const std::string& id)>;

  bool is_watched() const noexcept { return count_.load(std::memory_order_relaxed) != 0; }

  void changed(const std::string& id) {
    const std::lock_guard hold(mutex_);
    for (const auto& [number, tell] : watchers_) tell(id);
  }

  std::uint64_t add(watcher tell) {
    const std::lock_guard hold(mutex_);
    watchers_.emplace(++last_, std::move(tell));
    count_ = watchers_.size();
    return last_;
  }

  // When this returns, the watcher is not called any more. Not to be called from the watcher itself.
  void remove(std::uint64_t number) {
    const std::lock_guard hold(mutex_);
    watchers_.erase(number);
    count_ = watchers_.size();
  }

 private:
  std::mutex mutex_;
  std::map<std::uint64_t, watcher> watchers_;
  std::uint64_t last_ = 0;
  std::atomic<std::size_t> count_{0};
};

}  // namespace reprise::runtime
