// A blocking source of records: an open store, or a folder that no process holds. An open makes its
// checks through it, so that a tool can make the same checks without a node.

#pragma once

#include <functional>

#include "persistence/store.hpp"

namespace reprise::runtime {

// Blocks as store::read does.
using read_records = std::function<persistence::load_answer(const persistence::load_request&)>;

}  // namespace reprise::runtime
