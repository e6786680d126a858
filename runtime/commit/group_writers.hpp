// Finds out from a transition's writes whose turn made it. The log's thread can thus record whose
// writes it died on, and turns need not report it.
//
// Pure. Nothing is found for a transition that only sends, or that no turn made.

#pragma once

#include <optional>

#include "persistence/batch.hpp"
#include "runtime/crash/crash_slate.hpp"

namespace reprise::runtime {

struct writer {
  address who;
  record_name what;  // the message it consumes; table none: it has no record
};

std::optional<writer> writer_of(const persistence::batch& transition);

}  // namespace reprise::runtime
