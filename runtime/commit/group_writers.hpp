// Whose turns made the transitions of a group, from what they write: so that the log's thread can say who
// it dies of, and no turn has to say it twice.
//
// Pure. A transition that only sends, or of no turn, names nobody.

#pragma once

#include <optional>

#include "persistence/batch.hpp"
#include "runtime/crash/crash_slate.hpp"

namespace reprise::runtime {

struct writer {
  address who;
  record_name what;  // the message that it consumes; table none: it has no record
};

std::optional<writer> writer_of(const persistence::batch& transition);

}  // namespace reprise::runtime
