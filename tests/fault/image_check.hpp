// Opens a folder that a power cut may have left, with the store that will serve it, and returns
// what is wrong with it: nothing, or a sentence.

#pragma once

#include <string>

#include "persistence/lmdb_store.hpp"
#include "tests/fault/known_states.hpp"

namespace reprise::fault {

enum class afterwards : std::uint8_t { leave, check };  // `check` reads the whole log once more

// The store must open, be at the acknowledged position or later, hold exactly the known state of its
// position, accept a write, show it and fold it. With `check`, it must also leave a folder in which
// `check_folder` finds nothing. Runs in a child process, because LMDB ends the process at some damage.
std::string check_image(const persistence::lmdb_options&, const known_states&,
                        position acknowledged, afterwards);

}  // namespace reprise::fault
