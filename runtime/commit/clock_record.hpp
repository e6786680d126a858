// The record of the newest time given to a turn, written with every group so that node time never runs
// back.

#pragma once

#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "actors/time.hpp"

namespace reprise::runtime::clock_record {

inline constexpr std::string_view name = "clock";

inline std::string encode(time_point t) {
  const auto n = t.time_since_epoch().count();
  std::string out(sizeof n, '\0');
  std::memcpy(out.data(), &n, sizeof n);
  return out;
}

inline std::optional<time_point> decode(std::string_view bytes) {
  duration::rep n;
  if (bytes.size() != sizeof n) return std::nullopt;
  std::memcpy(&n, bytes.data(), sizeof n);
  return time_point(duration(n));
}

}  // namespace reprise::runtime::clock_record
