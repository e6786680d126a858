// What a name, a key and a value may be. The engine's other limits are in persistence/limits.hpp;
// these two are here because users' constants are checked against them at compile time.

#pragma once

#include <cstddef>
#include <string_view>

namespace reprise {

inline constexpr std::size_t max_name = 64;  // a durable name is a route and part of every key
inline constexpr std::size_t max_key =
    256;  // Durable Functions' id limit; keys stay below LMDB's 511

// An orchestrator that asks for more while it handles one input does not come to rest: it fails.
// The number is that of messages in one transition.
inline constexpr std::size_t max_steps_per_input = 100'000;

// One transition releases them all, and each of them waits for the slowest.
inline constexpr std::size_t max_actors_of_section = 1'000;

// [a-z0-9_.-]{1,64}
constexpr bool is_name(std::string_view s) noexcept {
  if (s.empty() || s.size() > max_name) return false;
  for (char c : s)
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-'))
      return false;
  return true;
}

// "checkout.2" is version 2 of the orchestration "checkout", and "checkout" is its version 1: the
// digits after the last dot, where they are a number that needs no leading zero.
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
// @. UTF-8 validity is the gateway's business.
constexpr bool is_key(std::string_view s) noexcept {
  if (s.empty() || s.size() > max_key || s.front() == '@') return false;
  for (char c : s)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f || c == '/' || c == '\\' || c == '#' ||
        c == '?')
      return false;
  return true;
}

}  // namespace reprise
