// The bytes of one value: immutable, shared, and in the same form in memory, on disk and between
// nodes. What the bytes mean is said by a `payload_type` (actors/payload_type.hpp); here they are
// opaque. Copying shares; the start is aligned for Cap'n Proto (8 bytes).

#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
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
  payload(std::size_t size, Fill fill) : size_(size) {
    if (size == 0) return;
    // One allocation, in words for the alignment.
    auto words = std::make_shared_for_overwrite<std::uint64_t[]>((size + 7) / 8);
    fill(reinterpret_cast<char*>(words.get()));
    words_ = std::move(words);
  }

  std::string_view bytes() const noexcept {
    return {reinterpret_cast<const char*>(words_.get()), size_};
  }
  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }

  friend bool operator==(const payload& a, const payload& b) { return a.bytes() == b.bytes(); }

 private:
  std::shared_ptr<const std::uint64_t[]> words_;
  std::size_t size_ = 0;
};

}  // namespace reprise
