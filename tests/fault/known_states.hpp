// What a store holds after each transition, computed from the transitions alone: the reference for
// a folder after a power cut.

#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "persistence/store.hpp"

namespace reprise::fault {

using persistence::position;

class known_states {
 public:
  known_states() : sums_{0} {}

  // Adds the writes of the next transition, as they stand in a frame.
  void add(std::string_view writes);
  position last() const { return sums_.size() - 1; }
  // The sum over all records after a transition (`record_sum`), independent of their order.
  std::uint64_t sum_at(position at) const { return sums_[at]; }
  // Of the newest state.
  bool has(const std::string& key, std::uint64_t sum) const { return part_of(key) == sum; }
  std::uint64_t part_of(const std::string& key) const {
    const auto found = records_.find(key);
    return found == records_.end() ? 0 : found->second;
  }
  // Returns the position of the n-th transition (from 1) that puts a record whose key contains
  // `text`; 0: there is none.
  position nth_put(std::string_view text, std::size_t n) const;

 private:
  std::map<std::string, std::uint64_t> records_;  // key: its part of the sum
  std::vector<std::uint64_t> sums_;
  std::vector<std::vector<std::string>> put_keys_;
};

std::uint64_t record_sum(std::string_view key, std::string_view value);

}  // namespace reprise::fault
