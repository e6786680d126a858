// Opens a folder that a power cut may have left, with the store that will serve it, and says what is
// wrong with it: nothing, or a sentence.

#pragma once

#include <string>

#include "persistence/lmdb_store.hpp"
#include "tests/fault/known_states.hpp"

namespace reprise::fault {

enum class afterwards : std::uint8_t { leave, check };  // `check` reads the whole log once more

// The store must open, stand at the acknowledged position or behind it, hold exactly what was known
// after the position where it stands, take a write, show it and fold it. To `check`: and leave a
// folder in which `check_folder` finds nothing. In a child process: LMDB ends a process at some
// damage.
std::string check_image(const persistence::lmdb_options&, const known_states&,
                        position acknowledged, afterwards);

}  // namespace reprise::fault
