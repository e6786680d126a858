// One layer of the overlay (a memtable): writes with their positions, sorted by key. While it is
// mutable, one thread applies writes and any number read; once frozen, it is only read, and the
// last view frees it.
//
// A key keeps all its versions, newest first; a view at position p finds the newest not above p. An
// erased range becomes a version of each key that is in the layer at that time. For other keys it
// is kept as covered intervals, which hide what older layers and the tables hold. A part of the key
// space is covered from the first position that covered it, so intervals never overlap or change.

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

// What one layer knows about a key: nothing, that it is erased, or its stored value.
struct finding {
  enum class what : std::uint8_t { nothing, erased, stored } is = what::nothing;
  std::string_view stored;
};

class layer {
 public:
  struct version {
    position at;
    const version* older;
    std::string_view stored;  // empty: erased (a stored value is never empty: it has a checksum)
  };
  using versions = skip_list<std::atomic<const version*>, const version*>;
  struct cover {
    std::string_view last;
    position at;
  };
  using covers = skip_list<cover>;

  layer() : versions_(memory_), covers_(memory_) {}

  // Positions must not decrease from one write to the next; at the same position the last write wins.
  struct numbered {
    write what;
    position at;
  };
  void apply(std::span<const numbered>);
  void apply(const write& w, position at) {
    const numbered one{w, at};
    apply({&one, 1});
  }

  // Loads the transitions of a log, of which only the state after the last is visible: only the
  // last write of each key, all at the last position. Sorts here; the returned work inserts.
  segment_work load(std::span<const logged_transition>, last_writes&);

  finding find(std::string_view key, position at) const noexcept;
  static finding newest(const versions::node&, position at) noexcept;
  // Returns where the covered range around `key` ends for a view at `at`; nothing if it is not covered.
  std::optional<std::string_view> covered_until(std::string_view key, position at) const noexcept;

  const versions::node* first_from(std::string_view key) const noexcept {
    return versions_.at_or_after(key);
  }
  const covers::node* first_cover() const noexcept { return covers_.first(); }

  // The position of the last write; 0 if empty. Thread-safe, like the sizes.
  position last() const noexcept { return last_.load(std::memory_order_acquire); }
  bool empty() const noexcept { return records() == 0; }
  std::size_t records() const noexcept { return records_.load(std::memory_order_relaxed); }
  std::size_t bytes() const noexcept { return bytes_.load(std::memory_order_relaxed); }

 private:
  // How many keys are searched for together: enough to hide the memory latency.
  static constexpr std::size_t at_once = 16;
  // The key of one write: its node if it was written recently, otherwise its place. If the keys begin alike,
  // as the requests and events of one turn do, the place is found from that of the write before.
  struct target {
    std::uint64_t hash = 0;
    versions::node* node = nullptr;
    versions::place place;
    const target* near = nullptr;
  };

  // Size of a key and its first version, without their bytes; a node is in 4/3 lists on average.
  static constexpr std::size_t key_bytes =
      sizeof(versions::node) + sizeof(version) + 2 * sizeof(void*);

  void apply_some(std::span<const numbered>);
  void load(std::span<const char* const> writes, position at);
  void add(std::string_view stored, position at, target&);
  // Replaces a version that no view has seen; reuses its memory if the new one fits.
  void replace(versions::node&, std::string_view stored, position at);
  void count(position at) noexcept;
  void erase_range(std::string_view first, std::string_view last, position at);
  void account(std::size_t bytes) noexcept {
    bytes_.store(bytes_.load(std::memory_order_relaxed) + bytes, std::memory_order_relaxed);
  }

  // Recently written keys by their hash, for the applying thread only. A key is often written again
  // soon (an instance's header, in each transition), and this finds it without a search. A slot
  // holds the last key with its hash. Empty while the layer has few records.
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
