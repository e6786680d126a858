// What a node counts of itself, read at one moment: for metrics. Reading asks no actor and waits for
// none.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "actors/time.hpp"

namespace reprise {

// Of one sweep over what grows old.
struct sweep_figures {
  std::string name;
  std::uint64_t gone = 0;  // records it has let go of since the node opened
  duration overdue{};      // by how much the oldest that it has seen is late; zero: nothing is
};

struct node_figures {
  std::size_t resident = 0;  // actors and instances in memory
  // Theirs: objects, frames of coroutines, structures that their values hold, text that code was given;
  // not what code made for itself. Most are within a tenth of the truth.
  std::size_t resident_bytes = 0;
  std::size_t timers = 0;        // in memory: due within minutes
  std::uint64_t passivated = 0;  // that left memory since the node opened

  // The commit log, since the node opened.
  std::uint64_t groups = 0;       // each one write and one flush
  std::uint64_t transitions = 0;  // in them
  std::uint64_t bytes = 0;        // of their writes
  duration committing{};          // time that writing and flushing took

  std::vector<sweep_figures> sweeps;

  std::uint64_t behind_horizon = 0;  // transitions that are not durable yet
  std::uint64_t log_bytes = 0;       // durable, not yet folded into tables
  std::uint64_t overlay_bytes = 0;   // memory that holds what is in them
  bool must_wait = false;            // the disk is behind: no new turns
  bool full = false;                 // ... because there is no room
};

}  // namespace reprise
