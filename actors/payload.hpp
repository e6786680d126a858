// The bytes of one value: immutable, shared, and the same in memory, on disk and between nodes. A
// `payload_type` (actors/payload_type.hpp) says what they mean. Copying shares the bytes; their
// start is aligned to 8 bytes for Cap'n Proto.
//
// A waiting instance holds several payloads, so each is one pointer to one allocation that holds
// the reference count and the bytes.

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
  // Calls `fill(char* to)`, which must write all `size` bytes.
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
  // The header of an allocation; the bytes follow it.
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
