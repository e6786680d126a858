// Limits of names, keys and values that are checked at compile time or by pure code. The engine's
// other limits are in persistence/limits.hpp.

#pragma once

#include <cstddef>
#include <string_view>

namespace reprise {

inline constexpr std::size_t max_name = 64;  // a durable name is part of a route and of every key
inline constexpr std::size_t max_key = 256;  // Durable Functions' id limit; below LMDB's 511

// An orchestrator that takes more steps for one input fails: it would never come to rest. Equal to
// the limit of messages in one transition.
inline constexpr std::size_t max_steps_per_input = 100'000;

// One transition releases all of them, and each stays held until the slowest is locked.
inline constexpr std::size_t max_actors_of_section = 1'000;

// [a-z0-9_.-]{1,64}
constexpr bool is_name(std::string_view s) noexcept {
  if (s.empty() || s.size() > max_name) return false;
  for (char c : s)
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-'))
      return false;
  return true;
}

// Splits the name of an orchestration: "checkout.2" is version 2 of "checkout", and "checkout" is
// version 1. A version is the digits after the last dot, without a leading zero.
struct orchestration_name {
  std::string_view base;
  unsigned version = 1;

  constexpr explicit orchestration_name(std::string_view name) noexcept : base(name) {
    const auto dot = name.rfind('.');
    if (dot == std::string_view::npos || dot == 0) return;
    const auto digits = name.substr(dot + 1);
    if (digits.empty() || digits.size() > 6 || digits.front() == '0') return;
    unsigned n = 0;
    for (char c : digits) {
      if (c < '0' || c > '9') return;
      n = n * 10 + static_cast<unsigned>(c - '0');
    }
    base = name.substr(0, dot);
    version = n;
  }
};

// Actor keys and instance ids: 1 to 256 bytes, no control characters, none of / \ # ?, no leading
// @. The gateway checks that they are valid UTF-8.
constexpr bool is_key(std::string_view s) noexcept {
  if (s.empty() || s.size() > max_key || s.front() == '@') return false;
  for (char c : s)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f || c == '/' || c == '\\' || c == '#' ||
        c == '?')
      return false;
  return true;
}

}  // namespace reprise
