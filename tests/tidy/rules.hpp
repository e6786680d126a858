// The rules of the tree that no compiler knows (docs/architecture.md).
//
// Each takes sources and gives findings, one line for a person each; none means kept.

#pragma once

#include <string>
#include <vector>

#include "tests/tidy/source_tree.hpp"

namespace reprise::tidy {

using findings = std::vector<std::string>;

// Folders include only what stands below them, and of another folder only its public headers.
findings wrong_includes(const std::vector<source>&);

// Rooms of a folder include only what is further down in its order of rooms.
findings wrong_rooms(const std::vector<source>&);

// Third-party headers only where they belong; none can be reached from a public header of ours.
findings third_party_leaks(const std::vector<source>&);

inline constexpr std::size_t max_file_lines = 600;
inline constexpr std::size_t max_function_lines = 70;
findings too_long(const source&);

// Words that say nothing (in names of files and identifiers), and work left over.
findings banned_words(const source&);

// Tests wait for events, never for time to pass.
findings sleeping(const source&);

// CAF's default lets one actor keep its neighbours waiting for a second.
findings scheduler_without_throughput_limit(const std::vector<source>&);

// Every code block of a document below a line `<!-- from PATH -->` stands in that file, line for
// line.
findings quoted_wrongly(const source& document, const std::vector<source>& sources);

}  // namespace reprise::tidy
