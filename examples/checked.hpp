// Sums and products of numbers that somebody else chose: nothing, where the plain operators would wrap
// round or be undefined. An operation rejects then, and no state is written.

#pragma once

#include <concepts>
#include <optional>
#include <type_traits>

namespace examples {

template <std::integral T>
std::optional<T> sum(T a, std::type_identity_t<T> b) {
  T result;
  if (__builtin_add_overflow(a, b, &result)) return std::nullopt;
  return result;
}

template <std::integral T>
std::optional<T> product(T a, std::type_identity_t<T> b) {
  T result;
  if (__builtin_mul_overflow(a, b, &result)) return std::nullopt;
  return result;
}

}  // namespace examples
