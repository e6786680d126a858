// The order in which a log's writes are loaded into a layer: by key, and of each key the last one.

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "persistence/batch.hpp"
#include "persistence/log/huge_pages.hpp"

namespace reprise::persistence::internal {

// Sorts one part of a log after the other, in the same memory: fresh pages cost more than the sorting.
class last_writes {
 public:
  // A write that is no range, by where it stands (persistence/batch.hpp).
  void add(const char* write) { entries_.push_back({0, write}); }
  // Of those that were added since the last time.
  large_vector<const char*> of_each_key();

 private:
  struct entry {
    std::uint64_t head;  // eight bytes of the key, zeros behind its end
    const char* write;
  };

  void sort(std::span<entry> some, std::size_t depth);
  void sort_by_head(std::span<entry> some);
  void take_last(std::span<entry> alike, std::size_t depth);

  large_vector<entry> entries_;
  large_vector<entry> other_;  // where they go while they are sorted
  large_vector<const char*> last_;
};

}  // namespace reprise::persistence::internal
