// Limits how much of a stored record its reader may visit.

#pragma once

#include <capnp/message.h>

#include <cstddef>

namespace reprise::persistence {

// Each word of a record is read once or twice. Without a limit, a few damaged bytes could stand for
// endless values: pointers that share a target, or a list of 500 million elements of size zero.
inline capnp::ReaderOptions record_options(std::size_t words) {
  capnp::ReaderOptions options;
  options.traversalLimitInWords = 8 * words + 64;
  return options;
}

}  // namespace reprise::persistence
