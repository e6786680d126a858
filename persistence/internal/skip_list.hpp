// A sorted set of keys that only grows, each with a payload: one thread inserts while any number
// read without locks. A skip list: a node is in list 0 and, with probability 1/4 each, in the ones
// above.
//
// Nodes live in the arena, so `Payload` is trivially destructible. A reader sees a node whole: it
// is linked with release order, from the lowest list up.

#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <new>
#include <string_view>
#include <type_traits>
#include <utility>

#include "persistence/internal/arena.hpp"

namespace reprise::persistence::internal {

// `Value` is what a payload is made from.
template <class Payload, class Value = Payload>
class skip_list {
  static_assert(std::is_trivially_destructible_v<Payload>);
  static constexpr int max_height = 12;  // 4^11 keys, far more than a layer has

 public:
  class node {
   public:
    const std::string_view key;
    Payload payload;

    const node* next() const noexcept { return link(0).load(std::memory_order_acquire); }

   private:
    friend class skip_list;
    node(std::string_view k, const Value& v) : key(k), payload{v} {}
    // The links stand behind the node; it was allocated with room for its height.
    std::atomic<node*>& link(int level) noexcept {
      return reinterpret_cast<std::atomic<node*>*>(this + 1)[level];
    }
    const std::atomic<node*>& link(int level) const noexcept {
      return reinterpret_cast<const std::atomic<node*>*>(this + 1)[level];
    }
  };

  explicit skip_list(arena& memory) : memory_(memory), head_(make({}, Value{}, max_height)) {}

  // The node with this key, made from `value` if there is none. True: made.
  std::pair<node*, bool> insert(std::string_view key, const Value& value) {
    std::array<node*, max_height> before;
    node* found = search(key, before);
    if (found != nullptr && found->key == key) return {found, false};
    const int tall = random_height();
    for (int level = height_.load(std::memory_order_relaxed); level < tall; ++level)
      before[static_cast<std::size_t>(level)] = head_;
    if (tall > height_.load(std::memory_order_relaxed))
      height_.store(tall, std::memory_order_relaxed);
    node* fresh = make(memory_.copy(key), value, tall);
    for (int level = 0; level < tall; ++level) {
      auto& link = before[static_cast<std::size_t>(level)]->link(level);
      fresh->link(level).store(link.load(std::memory_order_relaxed), std::memory_order_relaxed);
      link.store(fresh, std::memory_order_release);
    }
    return {fresh, true};
  }

  const node* first() const noexcept { return head_->next(); }
  // The first node whose key is not less than `key`.
  const node* at_or_after(std::string_view key) const noexcept { return below(key)->next(); }
  node* at_or_after(std::string_view key) noexcept {
    return below(key)->link(0).load(std::memory_order_acquire);
  }
  // The last node whose key is not greater than `key`.
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

  // Fills the node before `key` in every list; gives the one at or after it in list 0.
  node* search(std::string_view key, std::array<node*, max_height>& before) noexcept {
    node* at = head_;
    node* bound = nullptr;  // known not to be less: it need not be compared again one list lower
    for (int level = height_.load(std::memory_order_relaxed) - 1;; --level) {
      node* next = at->link(level).load(std::memory_order_relaxed);
      while (next != bound && next != nullptr && next->key < key) {
        at = next;
        next = at->link(level).load(std::memory_order_relaxed);
      }
      bound = next;
      before[static_cast<std::size_t>(level)] = at;
      if (level == 0) return next;
    }
  }

  // The last node whose key is less than `key`; the head when there is none.
  node* below(std::string_view key) const noexcept {
    node* at = head_;
    const node* bound = nullptr;
    for (int level = height_.load(std::memory_order_relaxed) - 1;; --level) {
      node* next = at->link(level).load(std::memory_order_acquire);
      while (next != nullptr && next != bound && next->key < key) {
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
