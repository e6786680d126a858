// How often this process flushed a file, counted where the calls leave it: what the engine says of
// itself is not asked.

#pragma once

#include <cstdint>

namespace reprise::bench {

// Calls of fdatasync so far: one for a group of the log, two or three for a fold.
std::uint64_t flushes_so_far() noexcept;

}  // namespace reprise::bench
