// Runs this program under callgrind and reads what it counted.

#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace reprise::instructions {

// Instructions of the functions in `program` itself, its static libraries with it and the shared ones
// without, per name that it gave to callgrind. What callgrind writes goes to `folder`, which is made anew.
// Throws std::runtime_error with what callgrind or the program said.
std::map<std::string, std::uint64_t> counted(const std::string& program, const std::string& folder);

}  // namespace reprise::instructions
