// One layer of the overlay: writes with their positions, sorted by key. While it is the mutable
// one, one thread applies and any number read; frozen, it is only read, and it dies with its last
// view.
//
// A key keeps all its versions, newest first, so a view at position p finds the newest not above p.
// An erased range is applied to the keys that are in the layer when it comes, as a version of each;
// beyond them it is kept as covered intervals, which hide what older layers and the tables hold. A
// part of the key space is covered from the first position that covered it, so intervals never
// overlap or change.

#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "persistence/batch.hpp"
#include "persistence/internal/arena.hpp"
#include "persistence/internal/skip_list.hpp"
#include "persistence/store.hpp"

namespace reprise::persistence::internal {

// What one layer says of a key: nothing, that it is erased, or its stored value.
struct finding {
  enum class what : std::uint8_t { nothing, erased, stored } is = what::nothing;
  std::string_view stored;
};

class layer {
 public:
  struct version {
    position at;
    const version* older;
    std::string_view stored;  // empty: erased (a stored value has its checksum, so it never is)
  };
  using versions = skip_list<std::atomic<const version*>, const version*>;
  struct cover {
    std::string_view last;
    position at;
  };
  using covers = skip_list<cover>;

  layer() : versions_(memory_), covers_(memory_) {}

  // Positions never fall from one call to the next; the last one wins within a position too.
  void apply(const write&, position at);

  finding find(std::string_view key, position at) const noexcept;
  static finding newest(const versions::node&, position at) noexcept;
  // Up to where the range around `key` is covered for a view at `at`; nothing if it is not.
  std::optional<std::string_view> covered_until(std::string_view key, position at) const noexcept;

  const versions::node* first_from(std::string_view key) const noexcept {
    return versions_.at_or_after(key);
  }
  const covers::node* first_cover() const noexcept { return covers_.first(); }

  // Of the last write; 0 when empty. Safe from any thread, as are the sizes.
  position last() const noexcept { return last_.load(std::memory_order_acquire); }
  bool empty() const noexcept { return records() == 0; }
  std::size_t records() const noexcept { return records_.load(std::memory_order_relaxed); }
  std::size_t bytes() const noexcept { return bytes_.load(std::memory_order_relaxed); }

 private:
  void add(std::string_view key, std::string_view stored, position at);
  void push(versions::node&, std::string_view stored, position at);
  void erase_range(std::string_view first, std::string_view last, position at);
  void account(std::size_t bytes) noexcept {
    bytes_.store(bytes_.load(std::memory_order_relaxed) + bytes, std::memory_order_relaxed);
  }

  arena memory_;
  versions versions_;
  covers covers_;
  std::atomic<bool> any_cover_{false};
  std::atomic<position> last_{0};
  std::atomic<std::size_t> records_{0};
  std::atomic<std::size_t> bytes_{0};
};

}  // namespace reprise::persistence::internal
