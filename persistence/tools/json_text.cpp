#include "persistence/tools/json_text.hpp"

#include <cstdio>

namespace reprise::persistence::internal {

namespace {

// Returns the length of the UTF-8 sequence at the front; 0 if it is not valid.
std::size_t sequence_length(std::string_view s) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(s[i]); };
  const unsigned lead = byte(0);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || s.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(i) & 0xc0) != 0x80) return 0;
  const unsigned second = byte(1);
  // Reject overlong forms, surrogates, and values beyond U+10FFFF.
  if ((lead == 0xe0 && second < 0xa0) || (lead == 0xed && second > 0x9f) ||
      (lead == 0xf0 && second < 0x90) || (lead == 0xf4 && second > 0x8f))
    return 0;
  return length;
}

std::string base64(std::string_view bytes) {
  static constexpr char digits[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const auto part = bytes.substr(i, 3);
    std::uint32_t three = 0;
    for (std::size_t j = 0; j < 3; ++j)
      three = three << 8 | (j < part.size() ? static_cast<unsigned char>(part[j]) : 0u);
    for (std::size_t j = 0; j < 4; ++j)
      out += j <= part.size() ? digits[three >> (18 - 6 * j) & 63] : '=';
  }
  return out;
}

}  // namespace

bool is_printable_utf8(std::string_view bytes) noexcept {
  while (!bytes.empty()) {
    const auto c = static_cast<unsigned char>(bytes.front());
    if (c == 0x7f || (c < 0x20 && c != '\t' && c != '\n' && c != '\r')) return false;
    const auto length = sequence_length(bytes);
    if (length == 0) return false;
    bytes.remove_prefix(length);
  }
  return true;
}

std::string json_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      (out += '\\') += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char escaped[7];
      std::snprintf(escaped, sizeof escaped, "\\u%04x", static_cast<unsigned>(c));
      out += escaped;
    } else {
      out += c;
    }
  }
  return out += '"';
}

std::string json_bytes(std::string_view bytes) {
  if (is_printable_utf8(bytes)) return json_string(bytes);
  return json_object().raw("base64", json_string(base64(bytes))).done();
}

}  // namespace reprise::persistence::internal
