// The bytes of one value: immutable, shared, and in the same form in memory, on disk and between
// nodes. What the bytes mean is said by a `payload_type` (actors/payload_type.hpp); here they are
// opaque. Copying shares; the start is aligned for Cap'n Proto (8 bytes).

#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace reprise {

class payload {
 public:
  payload() = default;  // no bytes: the payload of `none`
  explicit payload(std::string bytes)
      : bytes_(bytes.empty() ? nullptr : std::make_shared<const std::string>(std::move(bytes))) {}

  std::string_view bytes() const noexcept { return bytes_ ? std::string_view(*bytes_) : ""; }
  std::size_t size() const noexcept { return bytes_ ? bytes_->size() : 0; }
  bool empty() const noexcept { return !bytes_; }

  friend bool operator==(const payload& a, const payload& b) { return a.bytes() == b.bytes(); }

 private:
  std::shared_ptr<const std::string> bytes_;
};

}  // namespace reprise
