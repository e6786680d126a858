// Writes the history of an instance in the format of Durable Functions: a scheduled and a completed
// event become one item, bookkeeping of the engine is left out, and operations on actors appear as tasks
// named type/key/operation.

#pragma once

#include <string>
#include <vector>

#include "actors/application.hpp"
#include "gateway/durable_functions/instance_view.hpp"

namespace reprise::gateway {

void append_history(std::string& out, const bindings&, const std::vector<history_event>&,
                    const status_view&);

}  // namespace reprise::gateway
