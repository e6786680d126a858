// Translates a fault of the store into a failure for callers: one rule for opening, reading and tools.

#pragma once

#include "actors/failure.hpp"
#include "persistence/errc.hpp"

namespace reprise::runtime {

// cause::corrupt only for damaged bytes, which stay damaged. A read that failed for lack of a
// descriptor or because of a disk error is cause::unavailable: it may succeed later.
failure store_failure(const persistence::fault&);

}  // namespace reprise::runtime
