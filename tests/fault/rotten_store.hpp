// How the store handles a damaged folder, in a child process. A verdict that begins with "FOUND" is a bug.

#pragma once

#include <string>

#include "persistence/lmdb_store.hpp"
#include "tests/fault/known_states.hpp"

namespace reprise::fault {

std::string verdict_of_store(const persistence::lmdb_options&, const known_states&);

}  // namespace reprise::fault
