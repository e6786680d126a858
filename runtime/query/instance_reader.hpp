// Reads an instance as last committed: for status pages, never for a turn.

#pragma once

#include <functional>
#include <string>

#include "runtime/instance_types.hpp"

namespace reprise::runtime {

struct turn_services;

// Calls `told` once, on any thread. The input is that of the generation's first event.
void load_status(turn_services&, std::string id, with_history,
                 std::function<void(result<instance_status>)> told);

}  // namespace reprise::runtime
