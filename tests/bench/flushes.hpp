// Counts how often this process flushed a file, by intercepting the calls, independently of what
// the engine reports.

#pragma once

#include <cstdint>

namespace reprise::bench {

// Calls of fdatasync so far: one for each group of the log, two or three for a fold.
std::uint64_t flushes_so_far() noexcept;

}  // namespace reprise::bench
