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
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "persistence/batch.hpp"
#include "persistence/log/log_scan.hpp"
#include "persistence/memtable/arena.hpp"
#include "persistence/memtable/last_writes.hpp"
#include "persistence/memtable/skip_list.hpp"
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

  // Positions never fall from one write to the next; the last one wins within a position too.
  struct numbered {
    write what;
    position at;
  };
  void apply(std::span<const numbered>);
  void apply(const write& w, position at) {
    const numbered one{w, at};
    apply({&one, 1});
  }

  // What the transitions of a log bring that nobody looks at before the last of them: of each key
  // the last write alone, all at the position of the last. They are put in order here, and in their
  // places by the work that is given back.
  segment_work load(std::span<const logged_transition>, last_writes&);

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
  // Writes whose keys are searched for together: enough to hide the way to memory.
  static constexpr std::size_t at_once = 16;
  // The key of one of them: its node, when it was written a moment ago, else its place, which is near
  // that of the write before when their keys begin alike: the requests of one turn, and its events.
  struct target {
    std::uint64_t hash = 0;
    versions::node* node = nullptr;
    versions::place place;
    const target* near = nullptr;
  };

  // Of a key and its first version, beside their bytes; a node is in 4/3 lists on average.
  static constexpr std::size_t key_bytes =
      sizeof(versions::node) + sizeof(version) + 2 * sizeof(void*);

  void apply_some(std::span<const numbered>);
  void load(std::span<const char* const> writes, position at);
  void add(std::string_view stored, position at, target&);
  // Of a version that nobody has seen: the new one takes its place, and its memory if it fits.
  void replace(versions::node&, std::string_view stored, position at);
  void count(position at) noexcept;
  void erase_range(std::string_view first, std::string_view last, position at);
  void account(std::size_t bytes) noexcept {
    bytes_.store(bytes_.load(std::memory_order_relaxed) + bytes, std::memory_order_relaxed);
  }

  // Keys written a moment ago, by their hash, for the applying thread only: a key that is written
  // once is often written again soon (an instance's header in each of its transitions), and this
  // finds it without a search. A place holds the last key that came to it; none while few are there.
  struct recent {
    std::uint64_t hash = 0;
    versions::node* node = nullptr;
  };
  static constexpr std::size_t recent_places = std::size_t{1} << 14;
  static constexpr std::size_t few_records = 256;
  recent* recently(std::uint64_t hash) {
    return recent_.empty() ? nullptr : &recent_[hash % recent_places];
  }

  arena memory_;
  versions versions_;
  covers covers_;
  std::vector<recent> recent_;
  std::atomic<bool> any_cover_{false};
  std::atomic<position> last_{0};
  std::atomic<std::size_t> records_{0};
  std::atomic<std::size_t> bytes_{0};
};

}  // namespace reprise::persistence::internal
