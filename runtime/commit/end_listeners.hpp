// Listeners for the end of an instance. Each is called once, when the end is durable.
//
// Threads: any.

#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>

#include "actors/failure.hpp"
#include "actors/payload.hpp"
#include "runtime/exec/callback.hpp"

namespace reprise::runtime {

class end_listeners {
 public:
  using end_told = callback<const result<payload>&>;

  // `number` is chosen by the caller and identifies the listener in `remove`.
  void add(const std::string& id, std::uint64_t number, end_told told) {
    std::lock_guard lock(mutex_);
    waiting_[id].emplace(number, std::move(told));
  }

  void remove(const std::string& id, std::uint64_t number) {
    std::lock_guard lock(mutex_);
    const auto found = waiting_.find(id);
    if (found == waiting_.end()) return;
    found->second.erase(number);
    if (found->second.empty()) waiting_.erase(found);
  }

  void ended(const std::string& id, const result<payload>& outcome) {
    listeners told;
    {
      std::lock_guard lock(mutex_);
      const auto found = waiting_.find(id);
      if (found == waiting_.end()) return;
      told = std::move(found->second);
      waiting_.erase(found);
    }
    for (auto& [number, tell] : told) tell(outcome);
  }

  // Drops all listeners uncalled.
  void forget() {
    decltype(waiting_) dropped;
    std::lock_guard lock(mutex_);
    dropped.swap(waiting_);
  }

 private:
  using listeners = std::map<std::uint64_t, end_told>;

  std::mutex mutex_;
  std::unordered_map<std::string, listeners> waiting_;
};

}  // namespace reprise::runtime
