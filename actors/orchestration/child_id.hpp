// The instance id of a child.

#pragma once

#include <cstdint>
#include <string>

#include "actors/history.hpp"

namespace reprise::internal {

// Returns the instance id of a child: the given one, otherwise one that is unique to this step and
// attempt. Its length does not grow with the depth of nesting.
inline std::string child_id(const history_event& child, const generation& g, std::uint32_t attempt) {
  if (!child.key.empty()) return child.key;
  auto id = "child-" + std::to_string(g.term) + '.' + std::to_string(g.position) + '.' +
            std::to_string(child.number);
  return attempt > 1 ? id + '.' + std::to_string(attempt) : id;
}

}  // namespace reprise::internal
