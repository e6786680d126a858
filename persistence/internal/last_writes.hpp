// The order in which a log's writes are loaded into a layer: by key, and of each key the last one.

#pragma once

#include <span>
#include <vector>

#include "persistence/batch.hpp"

namespace reprise::persistence::internal {

// Of writes that are no ranges, each by where it stands (persistence/batch.hpp), in their order.
std::vector<const char*> last_of_each_key(std::span<const char* const> writes);

}  // namespace reprise::persistence::internal
