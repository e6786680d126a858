// Whoever gives records: an open store, or a folder that no process holds. What an open checks is
// checked through it, so that a tool can make the same checks without a node.

#pragma once

#include <functional>

#include "persistence/store.hpp"

namespace reprise::runtime {

// Blocks, as store::read.
using read_records = std::function<persistence::load_answer(const persistence::load_request&)>;

}  // namespace reprise::runtime
