// Limits the open connections of each IP address, so that one address cannot take all of them.
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

  // Counts one connection of `address`. Returns false, and does not count it, if the address is at its
  // limit. Each true must be followed by one leave().
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
