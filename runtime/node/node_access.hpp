// Lets simulation and tests make a node from their own parts.

#pragma once

#include <memory>

#include "runtime/node.hpp"
#include "runtime/node/engine.hpp"

namespace reprise::internal {

struct node_access {
  static result<std::unique_ptr<node>> open(std::unique_ptr<runtime::engine>);
  static runtime::engine& engine(node& n) { return *n.engine_; }
  // Simulates the death of the process: nothing is closed, no answer is given.
  static void crash(std::unique_ptr<node> n) { n->engine_.reset(); }
};

}  // namespace reprise::internal
