// A node's counters, read at one moment, for metrics. Reading them does not wait for any actor.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "actors/time.hpp"

namespace reprise {

// Counters of one sweep over old records.
struct sweep_figures {
  std::string name;
  std::uint64_t gone = 0;  // records removed since the node opened
  duration overdue{};      // how late the oldest record is that it has seen; zero: none is late
};

struct node_figures {
  std::size_t resident = 0;  // actors and instances in memory
  // Memory of their objects, coroutine frames, the structures that their values hold and the text that
  // was given to code; not what code allocated itself. Most values are within a tenth of the truth.
  std::size_t resident_bytes = 0;
  std::size_t timers = 0;        // in memory: due within minutes
  std::uint64_t passivated = 0;  // left memory since the node opened

  // The commit log, since the node opened.
  std::uint64_t groups = 0;       // each is one write and one flush
  std::uint64_t transitions = 0;  // in those groups
  std::uint64_t bytes = 0;        // in those groups
  duration committing{};          // time spent writing and flushing

  std::vector<sweep_figures> sweeps;

  std::uint64_t behind_horizon = 0;  // transitions that are not durable yet
  std::uint64_t log_bytes = 0;       // durable, not yet folded into the tables
  std::uint64_t overlay_bytes = 0;   // memory of the overlay
  bool must_wait = false;            // the disk is behind: no new turns
  bool full = false;                 // the disk is behind because it has no room
};

}  // namespace reprise
