// Reads an instance as last committed: for status pages, never for a turn.

#pragma once

#include <functional>
#include <string>

#include "runtime/node.hpp"

namespace reprise::runtime {

class engine;

// `told` is called once, from any thread. The input is that of the first event of the generation.
void load_status(engine&, std::string id, with_history,
                 std::function<void(result<instance_status>)> told);

}  // namespace reprise::runtime
