// What must be durable before something may leave the node: a position, and the epoch of the log in
// which it was taken. After a failed commit positions are given again, so a position alone could name
// somebody else's write.

#pragma once

#include <compare>
#include <cstdint>

#include "persistence/store.hpp"

namespace reprise::runtime {

using persistence::position;

struct horizon {
  std::uint64_t epoch = 0;
  position at = 0;  // 0: depends on nothing

  // Ordered by time: epoch first.
  friend auto operator<=>(const horizon&, const horizon&) = default;
};

}  // namespace reprise::runtime
