// What the system says about this process and a folder.

#pragma once

#include <cstdint>
#include <string>

namespace reprise::bench {

// Memory of its own: resident and not a mapped file, so without the pages of tables.
std::uint64_t own_memory_bytes();
// User and system time of all threads, in clock ticks.
std::uint64_t used_ticks();
std::uint64_t written_bytes();  // to disk, so far
std::uint64_t folder_bytes(const std::string& path);
// Reads all files of a folder (at most `limit` bytes); gives the seconds.
double seconds_to_read(const std::string& path, std::uint64_t limit = ~std::uint64_t{0});

}  // namespace reprise::bench
