// A scope: what a route needs and a credential grants. No scope implies another.

#pragma once

#include <cstdint>
#include <string_view>

namespace reprise::gateway {

enum class scope : std::uint8_t { read, start, signal, manage };

inline constexpr std::string_view scope_names[] = {"read", "start", "signal", "manage"};
constexpr std::string_view name_of(scope s) noexcept {
  return scope_names[static_cast<std::size_t>(s)];
}

}  // namespace reprise::gateway
