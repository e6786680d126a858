// Which new keys and ids are accepted: those of `is_key` (limits.hpp), except what a person or a
// client cannot write down or tell apart. Keys that an earlier version stored are still found by `is_key`.
//
// The gateway checks that they are valid UTF-8.

#pragma once

#include <cstddef>
#include <string_view>

#include "actors/limits.hpp"

namespace reprise {

// Returns the length in bytes of a control character at the start of this UTF-8 text, or 0. Such a
// character is not visible but affects a terminal, a log or the text around it: a control (C0, DEL,
// C1), a line separator, an override of the text direction (U+202A to U+202E, U+2066 to U+2069).
constexpr std::size_t control_length(std::string_view s) noexcept {
  const auto at = [&](std::size_t i) {
    return i < s.size() ? static_cast<unsigned char>(s[i]) : 0u;
  };
  if (s.empty()) return 0;
  if (at(0) < 0x20 || at(0) == 0x7f) return 1;
  if (at(0) == 0xc2 && at(1) >= 0x80 && at(1) < 0xa0) return 2;
  const bool turns = at(1) == 0x80   ? at(2) >= 0xa8 && at(2) <= 0xae
                     : at(1) == 0x81 ? at(2) >= 0xa6 && at(2) <= 0xa9
                                     : false;
  return at(0) == 0xe2 && turns ? 3 : 0;
}

// Excludes . and .., because URL software removes them from a path.
constexpr bool is_fresh_key(std::string_view s) noexcept {
  if (!is_key(s) || s == "." || s == "..") return false;
  for (std::size_t i = 0; i < s.size(); ++i)
    if (static_cast<unsigned char>(s[i]) >= 0x80 && control_length(s.substr(i)) > 0) return false;
  return true;
}
inline constexpr std::string_view what_keys_are =
    "1 to 256 bytes, not . or .., none of / \\ # ?, no leading @, no control characters and none "
    "that "
    "change the direction of text";

}  // namespace reprise
