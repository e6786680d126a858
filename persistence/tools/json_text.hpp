// Builds JSON texts piece by piece, for `store dump`.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace reprise::persistence::internal {

// Quotes and escapes a text. The bytes must be UTF-8.
std::string json_string(std::string_view text);
// Encodes bytes as a string if they are UTF-8 without control characters except tab and line ends,
// otherwise as {"base64":"..."}.
std::string json_bytes(std::string_view bytes);
bool is_printable_utf8(std::string_view bytes) noexcept;

class json_object {
 public:
  json_object& text(std::string_view name, std::string_view bytes) {
    return raw(name, json_bytes(bytes));
  }
  json_object& number(std::string_view name, std::int64_t v) {
    return raw(name, std::to_string(v));
  }
  // Written as a string, because it may exceed what a JSON number keeps.
  json_object& big(std::string_view name, std::uint64_t v) {
    return raw(name, '"' + std::to_string(v) + '"');
  }
  json_object& time(std::string_view name, std::int64_t v) {
    return raw(name, '"' + std::to_string(v) + '"');
  }
  json_object& raw(std::string_view name, std::string_view json) {
    body_ += body_.empty() ? "" : ",";
    body_ += json_string(name);
    (body_ += ':') += json;
    return *this;
  }
  std::string done() const { return '{' + body_ + '}'; }

 private:
  std::string body_;
};

}  // namespace reprise::persistence::internal
