// Random numbers that derive from recorded data: the same whenever the same message is handled.

#pragma once

#include <cstdint>
#include <string_view>

namespace reprise::internal {

// The finaliser of SplitMix64 (Steele, Lea, Flood 2014): each input bit affects every output bit.
constexpr std::uint64_t mix(std::uint64_t n) noexcept {
  n += 0x9e3779b97f4a7c15u;
  n = (n ^ (n >> 30)) * 0xbf58476d1ce4e5b9u;
  n = (n ^ (n >> 27)) * 0x94d049bb133111ebu;
  return n ^ (n >> 31);
}

// Returns the n-th number of the series of `seed`.
constexpr std::uint64_t chance(std::uint64_t seed, std::uint64_t n) noexcept {
  return mix(mix(seed) + n * 0x9e3779b97f4a7c15u);
}

constexpr std::uint64_t seed_of(std::string_view id, std::uint64_t term,
                                std::uint64_t position) noexcept {
  std::uint64_t hash = 0xcbf29ce484222325u;  // FNV-1a
  for (char c : id) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return mix(mix(hash ^ mix(term)) ^ position);
}

}  // namespace reprise::internal
