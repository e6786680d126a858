// Writes JSON texts piece by piece: what `store dump` needs of it.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace reprise::persistence::internal {

// With quotes. The bytes are UTF-8.
std::string json_string(std::string_view text);
// A string when the bytes are UTF-8 without control characters but tab and line ends; else
// {"base64":"..."}.
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
  // As a string: it may be beyond what a JSON number keeps.
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
