// What the torn sectors are torn from: two recorded runs, each with what it wrote and what was
// acknowledged when.

#pragma once

#include <string>

#include "persistence/lmdb_store.hpp"
#include "tests/fault/known_states.hpp"

namespace reprise::fault {

struct recording {
  std::string name, trace, folder;    // the folder that was traced
  persistence::lmdb_options options;  // to open an image with; its folder is not set
  known_states known;
};

// A store with small segments and small folds, in a process of its own (this program's `write`
// command): segments are left, folded away and used again all the time. Acknowledges positions.
recording record_writer(const std::string& shim, const std::string& within, std::uint64_t seed);
// ... and what that process does. Returns its exit status.
int write_small_segments(const std::string& folder, const std::string& trace, std::uint64_t seed);
persistence::lmdb_options small_options(const std::string& folder);
known_states states_of_writer(std::uint64_t seed);

// The real server under clients that add and start, stopped, killed and started again.
recording record_server(const std::string& program, const std::string& shim,
                        const std::string& within);

// The position that an acknowledgement vouches for: "at P", or "put N TEXT": the N-th transition
// that puts a key with TEXT in it.
position position_of(const known_states&, std::string_view acknowledged);

}  // namespace reprise::fault
