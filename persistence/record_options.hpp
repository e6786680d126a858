// How much of a stored record its reader may visit.

#pragma once

#include <capnp/message.h>

#include <cstddef>

namespace reprise::persistence {

// Each word of a record is read once or twice. Without a limit a few damaged bytes stand for values
// without end: pointers that meet in one place, a list of 500 million elements of no size.
inline capnp::ReaderOptions record_options(std::size_t words) {
  capnp::ReaderOptions options;
  options.traversalLimitInWords = 8 * words + 64;
  return options;
}

}  // namespace reprise::persistence
