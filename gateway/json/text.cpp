#include "gateway/json/text.hpp"

#include <algorithm>
#include <array>

#include "actors/fresh_key.hpp"

namespace reprise::gateway {

namespace {

constexpr std::string_view base64_digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr auto base64_values = [] {
  std::array<signed char, 256> values{};
  values.fill(-1);
  for (std::size_t i = 0; i < base64_digits.size(); ++i)
    values[static_cast<unsigned char>(base64_digits[i])] = static_cast<signed char>(i);
  return values;
}();

// The bytes that percent-decoding leaves unchanged, in a path and in a query.
constexpr auto plain_bytes = [] {
  std::array<bool, 256> is{};
  for (std::size_t c = 0x21; c < 0x7f; ++c) is[c] = c != '%' && c != '+';
  return is;
}();

bool stands_for_itself(char c) noexcept { return plain_bytes[static_cast<unsigned char>(c)]; }

constexpr char to_lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

void append_hex_digits(std::string& out, std::uint32_t value, int digits) {
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4)
    out += "0123456789abcdef"[value >> shift & 15];
}

// Decodes a valid UTF-8 sequence of at most three bytes.
std::uint32_t code_point(std::string_view s) noexcept {
  const auto at = [&](std::size_t i) { return static_cast<std::uint32_t>(s[i] & 0x3f); };
  if (s.size() == 1) return static_cast<unsigned char>(s[0]);
  if (s.size() == 2) return (static_cast<std::uint32_t>(s[0]) & 0x1f) << 6 | at(1);
  return (static_cast<std::uint32_t>(s[0]) & 0x0f) << 12 | at(1) << 6 | at(2);
}

void append_escape(std::string& out, std::string_view control) {
  out += "\\u";
  append_hex_digits(out, code_point(control), 4);
}

int hex_digit(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::size_t utf8_length(std::string_view s) noexcept {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(s[i]); };
  if (s.empty()) return 0;
  const unsigned char c = at(0);
  if (c < 0x80) return 1;
  const std::size_t n = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : 2;
  if (c < 0xc2 || c > 0xf4 || s.size() < n) return 0;
  // The range of the second byte excludes overlong sequences, surrogates and values above U+10FFFF.
  const unsigned char low = c == 0xe0 ? 0xa0 : c == 0xf0 ? 0x90 : 0x80;
  const unsigned char high = c == 0xed ? 0x9f : c == 0xf4 ? 0x8f : 0xbf;
  if (at(1) < low || at(1) > high) return 0;
  for (std::size_t i = 2; i < n; ++i)
    if ((at(i) & 0xc0) != 0x80) return 0;
  return n;
}

bool is_utf8(std::string_view s) noexcept {
  while (!s.empty()) {
    const auto n = utf8_length(s);
    if (n == 0) return false;
    s.remove_prefix(n);
  }
  return true;
}

std::string visible(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto control = control_length(text);
    const auto size = control > 0 ? control : std::max<std::size_t>(utf8_length(text), 1);
    const auto one = text.substr(0, size);
    if (control == 0 && is_utf8(one)) {
      out += one;
    } else if (control == 0) {
      out += "\\x";
      append_hex_digits(out, static_cast<unsigned char>(one[0]), 2);
    } else if (const auto known = std::string_view("\n\r\t").find(one); known != one.npos) {
      (out += '\\') += "nrt"[known];
    } else {
      append_escape(out, one);
    }
    text.remove_prefix(size);
  }
  return out;
}

std::string visible_json(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto control = control_length(text);
    const auto one = text.substr(0, std::max<std::size_t>(control, 1));
    if (control == 0 || one == "\n" || one == "\r" || one == "\t")
      out += one;
    else
      append_escape(out, one);
    text.remove_prefix(one.size());
  }
  return out;
}

void append_base64(std::string& out, std::string_view bytes) {
  out.reserve(out.size() + (bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const auto n = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k)
      group = group << 8 | (k < n ? static_cast<unsigned char>(bytes[i + k]) : 0u);
    for (std::size_t k = 0; k < 4; ++k)
      out += k <= n ? base64_digits[group >> (18 - 6 * k) & 63] : '=';
  }
}

std::optional<std::string> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::size_t padding = 0;
  while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') ++padding;
  std::string out;
  out.reserve(text.size() / 4 * 3);
  for (std::size_t i = 0; i < text.size(); i += 4) {
    const std::size_t digits = i + 4 == text.size() ? 4 - padding : 4;
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 4; ++k) {
      const int value = k < digits ? base64_values[static_cast<unsigned char>(text[i + k])] : 0;
      if (value < 0) return std::nullopt;
      group = group << 6 | static_cast<std::uint32_t>(value);
    }
    for (std::size_t k = 0; k + 1 < 4; ++k) {
      const char byte = static_cast<char>(group >> (16 - 8 * k) & 0xff);
      if (k + 1 < digits) {
        out += byte;
      } else if (byte != 0) {
        return std::nullopt;
      }
    }
  }
  return out;
}

void append_percent(std::string& out, std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                       c == '-' || c == '.' || c == '_' || c == '~';
    if (plain) {
      out += c;
    } else {
      out += '%';
      out += digits[byte >> 4];
      out += digits[byte & 15];
    }
  }
}

std::optional<std::string> from_percent(std::string_view text, plus p) {
  if (std::all_of(text.begin(), text.end(), stands_for_itself)) return std::string(text);
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '+' && p == plus::is_space) c = ' ';
    if (c == '%') {
      if (text.size() - i < 3) return std::nullopt;
      const int high = hex_digit(text[i + 1]);
      const int low = hex_digit(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      c = static_cast<char>(high << 4 | low);
      i += 2;
    }
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return std::nullopt;
    out += c;
  }
  if (!is_utf8(out)) return std::nullopt;
  return out;
}

void append_hex(std::string& out, std::uint64_t value) {
  for (int shift = 60; shift >= 0; shift -= 4) out += "0123456789abcdef"[value >> shift & 15];
}

std::string_view trimmed(std::string_view s) noexcept {
  const auto is_blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!s.empty() && is_blank(s.front())) s.remove_prefix(1);
  while (!s.empty() && is_blank(s.back())) s.remove_suffix(1);
  return s;
}

bool same_ignoring_case(std::string_view a, std::string_view b) noexcept {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (a[i] != b[i] && to_lower(a[i]) != to_lower(b[i])) return false;
  return true;
}

std::string lower(std::string_view s) {
  std::string out(s);
  std::transform(out.begin(), out.end(), out.begin(), to_lower);
  return out;
}

bool is_json_media(std::string_view content_type) noexcept {
  const auto type = trimmed(content_type.substr(0, content_type.find(';')));
  if (same_ignoring_case(type, "application/json")) return true;
  return type.size() > 5 && same_ignoring_case(type.substr(type.size() - 5), "+json");
}

std::string charset_of(std::string_view content_type) {
  for (auto rest = content_type; !rest.empty();) {
    const auto end = std::min(rest.find(';'), rest.size());
    const auto equals = rest.substr(0, end).find('=');
    if (equals != std::string_view::npos &&
        same_ignoring_case(trimmed(rest.substr(0, equals)), "charset")) {
      auto value = trimmed(rest.substr(equals + 1, end - equals - 1));
      if (value.size() > 1 && value.front() == '"' && value.back() == '"')
        value = value.substr(1, value.size() - 2);
      return std::string(value);
    }
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return {};
}

}  // namespace reprise::gateway
