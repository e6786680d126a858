// The subjects of the torn-sector test: two recorded runs, each with its writes and acknowledgements.

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

// A store with small segments and small folds, in a separate process (this program's `write`
// command), so that segments are often closed, folded and reused. It acknowledges positions.
recording record_writer(const std::string& shim, const std::string& within, std::uint64_t seed);
// ... and what that process runs. Returns its exit status.
int write_small_segments(const std::string& folder, const std::string& trace, std::uint64_t seed);
persistence::lmdb_options small_options(const std::string& folder);
known_states states_of_writer(std::uint64_t seed);

// The real server with clients that add and start; it is stopped, killed and restarted.
recording record_server(const std::string& program, const std::string& shim,
                        const std::string& within);

// Returns the position that an acknowledgement guarantees: "at P", or "put N TEXT": the N-th
// transition that puts a key with TEXT in it.
position position_of(const known_states&, std::string_view acknowledged);

}  // namespace reprise::fault
