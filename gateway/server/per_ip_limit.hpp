// How many connections come from one address: a limit for each, so that one of them cannot take all.
//
// Threads: any.

#pragma once

#include <cstddef>
#include <mutex>
#include <string>
#include <unordered_map>

namespace reprise::gateway {

class per_ip_limit {
 public:
  explicit per_ip_limit(std::size_t each) : each_(each) {}

  // False: it has as many as it may have. What was entered is to leave.
  bool enter(const std::string& address) {
    const std::lock_guard hold(mutex_);
    auto& count = counts_[address];
    if (count >= each_) return false;
    ++count;
    return true;
  }
  void leave(const std::string& address) {
    const std::lock_guard hold(mutex_);
    const auto found = counts_.find(address);
    if (--found->second == 0) counts_.erase(found);
  }
  std::size_t addresses() const {
    const std::lock_guard hold(mutex_);
    return counts_.size();
  }

 private:
  const std::size_t each_;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, std::size_t> counts_;
};

}  // namespace reprise::gateway
