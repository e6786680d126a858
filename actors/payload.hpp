// The bytes of one value: immutable, shared, and in the same form in memory, on disk and between
// nodes. What the bytes mean is said by a `payload_type` (actors/payload_type.hpp); here they are
// opaque. Copying shares; the start is aligned for Cap'n Proto (8 bytes).
//
// Most things that wait hold several of them: one is a pointer, and its bytes are one piece of memory
// with how many share them.

#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>
#include <string_view>
#include <utility>

namespace reprise {

class payload {
 public:
  payload() = default;  // no bytes: the payload of `none`
  explicit payload(std::string_view bytes)
      : payload(bytes.size(), [&](char* to) { std::memcpy(to, bytes.data(), bytes.size()); }) {}
  // `fill(char* to)` writes all `size` bytes.
  template <class Fill>
  payload(std::size_t size, Fill fill) : payload(block::make(size)) {
    if (size != 0) fill(held_->bytes());
  }

  payload(const payload& other) noexcept : held_(other.held_) {
    if (held_) held_->sharers.fetch_add(1, std::memory_order_relaxed);
  }
  payload(payload&& other) noexcept : held_(std::exchange(other.held_, nullptr)) {}
  payload& operator=(payload other) noexcept {
    std::swap(held_, other.held_);
    return *this;
  }
  ~payload() {
    if (held_ && held_->sharers.fetch_sub(1, std::memory_order_acq_rel) == 1) block::free(held_);
  }

  std::string_view bytes() const noexcept {
    return held_ ? std::string_view(held_->bytes(), held_->size) : std::string_view();
  }
  std::size_t size() const noexcept { return held_ ? held_->size : 0; }
  bool empty() const noexcept { return size() == 0; }

  friend bool operator==(const payload& a, const payload& b) { return a.bytes() == b.bytes(); }

 private:
  // The bytes stand behind it.
  struct block {
    explicit block(std::size_t n) : size(n) {}
    char* bytes() noexcept { return reinterpret_cast<char*>(this + 1); }
    static block* make(std::size_t n) {
      return n == 0 ? nullptr : new (::operator new(sizeof(block) + n)) block(n);
    }
    static void free(block* b) noexcept {
      b->~block();
      ::operator delete(b);
    }
    std::atomic<std::uint32_t> sharers{1};
    const std::size_t size;
  };
  static_assert(sizeof(block) % 8 == 0);

  explicit payload(block* held) noexcept : held_(held) {}

  block* held_ = nullptr;
};

}  // namespace reprise
