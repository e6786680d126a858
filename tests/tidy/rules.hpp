// The rules about the tree that a compiler cannot check (docs/architecture.md).
//
// Each takes sources and returns findings, one line each; none means that the rule is kept.

#pragma once

#include <string>
#include <vector>

#include "tests/tidy/source_tree.hpp"

namespace reprise::tidy {

using findings = std::vector<std::string>;

// Folders include only lower folders, and of another folder only its public headers.
findings wrong_includes(const std::vector<source>&);

// Rooms of a folder include only rooms that are lower in the folder's order of rooms.
findings wrong_rooms(const std::vector<source>&);

// Third-party headers only where they belong; no public header of ours includes one.
findings third_party_leaks(const std::vector<source>&);

inline constexpr std::size_t max_file_lines = 600;
inline constexpr std::size_t max_function_lines = 70;
findings too_long(const source&);

// Meaningless words (in file names and identifiers), and unfinished work.
findings banned_words(const source&);

// Tests wait for events, never for time to pass.
findings sleeping(const source&);

// CAF's default lets one actor delay its neighbours by a second.
findings scheduler_without_throughput_limit(const std::vector<source>&);

// Every code block of a document below a line `<!-- from PATH -->` is in that file, line for line.
findings quoted_wrongly(const source& document, const std::vector<source>& sources);

}  // namespace reprise::tidy
