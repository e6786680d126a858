// What a key or an id may be that is made from now on: `is_key` (limits.hpp), and nothing that a person
// or a client cannot tell apart or write down. What an earlier version stored is still found by `is_key`.
//
// UTF-8 validity is the gateway's business.

#pragma once

#include <cstddef>
#include <string_view>

#include "actors/limits.hpp"

namespace reprise {

// Bytes at the beginning of this UTF-8 that are no character to look at but do something to a terminal,
// a log or the text around them: a control (C0, DEL, C1), a separator of lines, an override of the
// direction of text (U+202A to U+202E, U+2066 to U+2069). 0: it begins with another one.
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

// Whoever writes a URL takes . and .. out of it, and could not name those.
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
