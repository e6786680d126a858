// What the system reports about this process, a folder and the machine.

#pragma once

#include <cstdint>
#include <string>

namespace reprise::bench {

// Memory of this process: resident and not a mapped file, so without the pages of tables.
std::uint64_t own_memory_bytes();
// User and system time of all threads, in clock ticks.
std::uint64_t used_ticks();
std::uint64_t written_bytes();  // to disk, so far
std::uint64_t folder_bytes(const std::string& path);
// Reads all files of a folder (at most `limit` bytes); returns the seconds it took.
double seconds_to_read(const std::string& path, std::uint64_t limit = ~std::uint64_t{0});

// The time that other programs, and other machines on the same hardware, take from a thread on each
// core that reads the clock for a second. Latencies below `longest` are not reliable.
struct taken_away {
  double share = 0;  // of the second, of all cores
  double longest_ms = 0;
};
taken_away look_at_the_clock();

}  // namespace reprise::bench
