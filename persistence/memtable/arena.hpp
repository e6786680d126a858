// Memory that is allocated piece by piece and freed all at once.
//
// Threads: one allocates; others may read the pieces once they are handed over.

#pragma once

#include <cassert>
#include <cstddef>
#include <cstring>
#include <string_view>
#include <vector>

#include "persistence/log/huge_pages.hpp"

namespace reprise::persistence::internal {

class arena {
 public:
  arena() = default;
  arena(const arena&) = delete;
  arena& operator=(const arena&) = delete;

  void* allocate(std::size_t size, std::size_t alignment) {
    auto at = (next_ + alignment - 1) & ~(alignment - 1);
    if (block_ == nullptr || at + size > block_size_) {
      begin_block(size > first_block ? size : (blocks_.empty() ? first_block : next_block));
      at = 0;
    }
    next_ = at + size;
    return block_ + at;
  }

  // Prepares for `size` more bytes: allocates them as one block.
  void expect(std::size_t size) {
    if (size <= next_block || next_ + size <= block_size_) return;
    begin_block(size);
  }

  std::string_view copy(std::string_view bytes) {
    auto* to = static_cast<char*>(allocate(bytes.size(), 1));
    if (!bytes.empty()) std::memcpy(to, bytes.data(), bytes.size());
    return {to, bytes.size()};
  }

 private:
  void begin_block(std::size_t size) {
    blocks_.push_back(make_memory(size));
    block_ = blocks_.back().get();
    block_size_ = size;
    next_ = 0;
  }

  // A layer with few records stays small; one with many allocates rarely.
  static constexpr std::size_t first_block = std::size_t{16} << 10;
  static constexpr std::size_t next_block = std::size_t{1} << 20;

  std::vector<memory<std::byte>> blocks_;
  std::byte* block_ = nullptr;
  std::size_t block_size_ = 0;
  std::size_t next_ = 0;
};

}  // namespace reprise::persistence::internal
