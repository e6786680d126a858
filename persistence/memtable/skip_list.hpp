// A sorted set of keys that only grows, each with a payload: one thread inserts while any number read without
// locks. It is a skip list: a node is in list 0 and, with probability 1/4 each, in the lists above.
//
// Nodes live in the arena, so `Payload` must be trivially destructible. Readers see complete nodes:
// a node is linked with release order, from the lowest list up. A node stores the first bytes of
// its key inline: a search visits some thirty nodes, most of them not in any cache, and rarely
// needs the rest of a key.

#pragma once

#include <array>
#include <atomic>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <new>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

#include "persistence/memtable/arena.hpp"

namespace reprise::persistence::internal {

// The first 16 bytes of a key, padded with zeros, as numbers that compare like the bytes.
struct key_head {
  std::uint64_t first = 0, second = 0;
  explicit key_head(std::string_view key) noexcept {
    std::array<char, 16> begin{};
    key.copy(begin.data(), begin.size());
    first = number(begin.data());
    second = number(begin.data() + 8);
  }
  static std::uint64_t number(const char* big_endian) noexcept {
    std::uint64_t n = 0;
    for (int i = 0; i < 8; ++i) n = n << 8 | static_cast<unsigned char>(big_endian[i]);
    return n;
  }
  friend bool operator==(const key_head&, const key_head&) = default;
  friend auto operator<=>(const key_head&, const key_head&) = default;
};

// `Value` is the type that a payload is constructed from.
template <class Payload, class Value = Payload>
class skip_list {
  static_assert(std::is_trivially_destructible_v<Payload>);
  static constexpr int max_height = 12;  // 4^11 keys, far more than a layer has

  // A key to search for.
  struct wanted {
    explicit wanted(std::string_view k) noexcept : key(k), head(k) {}
    std::string_view key;
    key_head head;
  };

 public:
  class node {
    const key_head head;

   public:
    const std::string_view key;
    Payload payload;

    const node* next() const noexcept { return link(0).load(std::memory_order_acquire); }

   private:
    friend class skip_list;
    node(std::string_view k, const Value& v) : head(k), key(k), payload{v} {}
    bool operator<(const wanted& w) const noexcept {
      return head == w.head ? key < w.key : head < w.head;
    }
    bool is(const wanted& w) const noexcept { return head == w.head && key == w.key; }
    // The links follow the node, which was allocated with room for its height.
    std::atomic<node*>& link(int level) noexcept {
      return reinterpret_cast<std::atomic<node*>*>(this + 1)[level];
    }
    const std::atomic<node*>& link(int level) const noexcept {
      return reinterpret_cast<const std::atomic<node*>*>(this + 1)[level];
    }
  };

  explicit skip_list(arena& memory) : memory_(memory), head_(make({}, Value{}, max_height)) {}

  // The result of a search: where a key is or would be, as the nodes before it in each list.
  // Insertion continues from it, even if other keys were inserted in between.
  class place {
   public:
    place() = default;
    explicit place(std::string_view key) noexcept : key_(key) {}
    // Returns whether the key is greater and has the same head: then the search from `before` is short.
    bool follows_closely(const place& before) const noexcept {
      return key_.head == before.key_.head && key_.key > before.key_.key;
    }

   private:
    friend class skip_list;
    wanted key_{{}};
    int level_ = 0;
    node* at_ = nullptr;
    const node* bound_ = nullptr;  // known not to be less: not compared again one list lower
    std::array<node*, max_height> before_;
  };

  // Searches for several keys in an interleaved way: while one waits for its next node from memory,
  // the others take a step.
  void seek(std::span<place*> some) noexcept {
    const int top = height_.load(std::memory_order_relaxed) - 1;
    for (auto* p : some) {
      p->level_ = top;
      p->at_ = head_;
      p->before_.fill(head_);
    }
    for (bool searching = true; searching;) {
      searching = false;
      for (auto* p : some)
        if (p->level_ >= 0) searching = step(*p) || searching;
    }
  }

  // Returns the place before all keys, from which `move_on` goes to greater keys.
  place begin() noexcept {
    place p;
    p.before_.fill(head_);
    return p;
  }
  // Moves a place forward to a greater key, which is cheap if it is near. Returns its node or null.
  node* move_on(place& p, std::string_view key) noexcept {
    p.key_ = wanted(key);
    go_on(p);
    node* found = advance(p, 0);
    return found != nullptr && found->is(p.key_) ? found : nullptr;
  }
  // Finds the place of a key from the place of a lower key.
  void find_from(const place& lower, place& p) noexcept {
    p.before_ = lower.before_;
    go_on(p);
  }

  // Inserts a node at a place from a search unless the key exists. Returns the node; true: it is new.
  std::pair<node*, bool> insert(place& p, const Value& value) {
    node* found = advance(p, 0);
    if (found != nullptr && found->is(p.key_)) return {found, false};
    const int tall = random_height();
    if (tall > height_.load(std::memory_order_relaxed))
      height_.store(tall, std::memory_order_relaxed);
    node* fresh = make(memory_.copy(p.key_.key), value, tall);
    for (int level = 0; level < tall; ++level) {
      node* after = advance(p, level);
      fresh->link(level).store(after, std::memory_order_relaxed);
      p.before_[static_cast<std::size_t>(level)]->link(level).store(fresh,
                                                                    std::memory_order_release);
    }
    return {fresh, true};
  }
  std::pair<node*, bool> insert(std::string_view key, const Value& value) {
    place p(key);
    auto* one = &p;
    seek({&one, 1});
    return insert(p, value);
  }

  const node* first() const noexcept { return head_->next(); }
  // Returns the first node whose key is not less than `key`.
  const node* at_or_after(std::string_view key) const noexcept { return below(key)->next(); }
  node* at_or_after(std::string_view key) noexcept {
    return below(key)->link(0).load(std::memory_order_acquire);
  }
  // Returns the last node whose key is not greater than `key`.
  const node* at_or_before(std::string_view key) const noexcept {
    const node* less = below(key);
    const node* next = less->next();
    if (next != nullptr && next->key == key) return next;
    return less == head_ ? nullptr : less;
  }

 private:
  node* make(std::string_view key, const Value& value, int height) {
    static_assert(alignof(node) >= alignof(std::atomic<node*>));
    const auto size = sizeof(node) + static_cast<std::size_t>(height) * sizeof(std::atomic<node*>);
    node* made = new (memory_.allocate(size, alignof(node))) node(key, value);
    for (int level = 0; level < height; ++level)
      new (&made->link(level)) std::atomic<node*>(nullptr);
    return made;
  }

  int random_height() noexcept {
    random_ ^= random_ << 13, random_ ^= random_ >> 7, random_ ^= random_ << 17;
    int height = 1;
    for (auto bits = random_; height < max_height && (bits & 3) == 0; bits >>= 2) ++height;
    return height;
  }

  // Advances by one node; returns false when the place is found.
  static bool step(place& p) noexcept {
    for (;;) {
      node* next = p.at_->link(p.level_).load(std::memory_order_relaxed);
      if (next != p.bound_ && next != nullptr && *next < p.key_) {
        p.at_ = next;
      } else {
        p.before_[static_cast<std::size_t>(p.level_)] = p.at_;
        p.bound_ = next;
        if (--p.level_ < 0) return false;
      }
      const node* wanted_next = p.at_->link(p.level_).load(std::memory_order_relaxed);
      if (wanted_next == p.bound_ || wanted_next == nullptr) continue;
      __builtin_prefetch(wanted_next);
      __builtin_prefetch(wanted_next + 1);  // its links
      return true;
    }
  }

  // Goes up until a list passes no further node, then down.
  void go_on(place& p) noexcept {
    const int top = height_.load(std::memory_order_relaxed);
    int level = 0;
    while (level < top && passes(p, level))
      ++level;  // if a list passes no node, no list above does
    while (--level >= 0) {
      advance(p, level);
      const auto l = static_cast<std::size_t>(level);
      if (l > 0) p.before_[l - 1] = p.before_[l];
    }
  }

  static bool passes(const place& p, int level) noexcept {
    const node* next =
        p.before_[static_cast<std::size_t>(level)]->link(level).load(std::memory_order_relaxed);
    return next != nullptr && *next < p.key_;
  }

  // Moves the place in one list to the last node that is less; returns the node after it.
  static node* advance(place& p, int level) noexcept {
    auto& at = p.before_[static_cast<std::size_t>(level)];
    for (;;) {
      node* next = at->link(level).load(std::memory_order_relaxed);
      if (next == nullptr || !(*next < p.key_)) return next;
      at = next;
    }
  }

  // Returns the last node whose key is less than `key`; the head if there is none.
  node* below(std::string_view what) const noexcept {
    const wanted key(what);
    node* at = head_;
    const node* bound = nullptr;
    for (int level = height_.load(std::memory_order_relaxed) - 1;; --level) {
      node* next = at->link(level).load(std::memory_order_acquire);
      while (next != nullptr && next != bound && *next < key) {
        at = next;
        next = at->link(level).load(std::memory_order_acquire);
      }
      bound = next;
      if (level == 0) return at;
    }
  }

  arena& memory_;
  node* head_;
  std::atomic<int> height_{1};
  std::uint64_t random_ = 0x9E3779B97F4A7C15u;
};

}  // namespace reprise::persistence::internal
