// Checked sums and products of numbers from clients. They return nothing where the plain operators
// would overflow; the operation then rejects, and no state is written.

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
