// Selects and orders the writes of a log that are loaded into a layer: by key, only the last of each.

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "persistence/batch.hpp"
#include "persistence/log/huge_pages.hpp"

namespace reprise::persistence::internal {

// Sorts one part of a log after the other in the same memory, because fresh pages cost more than sorting.
class last_writes {
 public:
  // Adds a write that is not a range, by its address (persistence/batch.hpp).
  void add(const char* write) { entries_.push_back({0, write}); }
  // Returns the last write of each key that was added since the last call, sorted by key.
  large_vector<const char*> of_each_key();

 private:
  struct entry {
    std::uint64_t head;  // eight bytes of the key, padded with zeros
    const char* write;
  };

  void sort(std::span<entry> some, std::size_t depth);
  void sort_by_head(std::span<entry> some);
  void take_last(std::span<entry> alike, std::size_t depth);

  large_vector<entry> entries_;
  large_vector<entry> other_;  // the second buffer for sorting
  large_vector<const char*> last_;
};

}  // namespace reprise::persistence::internal
