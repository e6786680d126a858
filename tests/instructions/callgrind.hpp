// Runs this program under callgrind and reads its counts.

#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace reprise::instructions {

// Counts the instructions of functions in `program` and its static libraries, without the shared
// ones, for each name that it gave to callgrind. callgrind writes to `folder`, which is recreated.
// Throws std::runtime_error with the message of callgrind or of the program.
std::map<std::string, std::uint64_t> counted(const std::string& program, const std::string& folder);

}  // namespace reprise::instructions
