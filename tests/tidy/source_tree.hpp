// The tree as text: every source of ours, with what the rules need to know about it.
//
// Rules (rules.hpp) are pure functions of such sources, so that a literal can show that each one fails.

#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace reprise::tidy {

struct source {
  std::string path;                // from the root: "actors/history.hpp"
  std::vector<std::string> lines;  // without their ends

  std::string_view folder() const;  // "actors"
  std::string_view room() const;    // "orchestration"; empty: in the folder's root
  bool is_header() const;
};

source parse(std::string path, std::string_view text);

// Returns all our files below the root with one of these endings, sorted by path.
// tests/bench/anchors is left out, because it is an unchanged copy.
std::vector<source> read_tree(const std::vector<std::string>& endings);

// Reads one file; throws std::runtime_error if it cannot be read.
source read_source(const std::string& path);

// Returns "a/b.hpp" with its delimiters, "\"a/b.hpp\"" or "<a/b.hpp>"; empty if the line is not an include.
std::string include_of(std::string_view line);

// Returns the line without its comment and without the contents of its string literals.
std::string code_of(std::string_view line);

}  // namespace reprise::tidy
