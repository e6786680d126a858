// What a fault of the store is for whoever asked: one rule for opening, for reading and for tools.

#pragma once

#include "actors/failure.hpp"
#include "persistence/errc.hpp"

namespace reprise::runtime {

// cause::corrupt only where bytes are damaged, which stays so: what could not be read for want of a
// descriptor or because the disk failed once (cause::unavailable) may be read later.
failure store_failure(const persistence::fault&);

}  // namespace reprise::runtime
