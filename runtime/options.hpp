// What a node is opened with.

#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "actors/time.hpp"
#include "runtime/log_sink.hpp"
#include "runtime/span.hpp"

namespace reprise {

// How long ended instances are kept; zero: for ever. A background sweep purges the oldest first, every
// few minutes. It purges nothing in the first ten minutes after a start or after the clock was stepped,
// because the wrong time would make instances look old.
struct retention {
  duration completed{};
  duration failed{};
  duration terminated{};
};

// How a node is opened. Every field has a default; without `data` nothing survives the process.
struct node_options {
  std::string data{};    // folder; empty: in memory, lost with the node
  unsigned workers = 0;  // scheduler threads; 0: one per core, at least two
  // Bytes for actors and instances in memory; beyond it they are passivated. 0: a quarter of the
  // machine's memory.
  std::size_t memory = 0;
  std::vector<std::pair<std::string, unsigned>>
      pools{};        // activity pools: name, threads; "io" (16) and "cpu" (cores) are predefined
  log_sink log{};     // empty: nothing is logged
  span_sink spans{};  // empty: no work carries a trace
  reprise::retention retention{};
  // Called once when the node has failed and must be opened again: the outcome of a write is unknown,
  // or pending work could not be read again after a refused write.
  std::function<void(std::string)> on_failed{};
};

}  // namespace reprise
