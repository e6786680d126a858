// The tree as text: every source of ours, with what the rules need to know of it.
//
// Rules (rules.hpp) are pure functions of such sources, so that each can be shown to fail on a
// literal.

#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace reprise::tidy {

struct source {
  std::string path;                // from the root: "actors/orchestration/history.hpp"
  std::vector<std::string> lines;  // without their ends

  std::string_view folder() const;  // "actors"
  std::string_view room() const;    // "orchestration"; empty: it stands in the folder's root
  bool is_header() const;
};

source parse(std::string path, std::string_view text);

// All files of ours below the root with one of these endings, sorted by path; tests/bench/anchors
// is left out, since it is copied unchanged.
std::vector<source> read_tree(const std::vector<std::string>& endings);

// One file as it stands; throws std::runtime_error if it cannot be read.
source read_source(const std::string& path);

// "a/b.hpp" with its delimiters: "\"a/b.hpp\"" or "<a/b.hpp>"; empty when the line is no include.
std::string include_of(std::string_view line);

// The line without its comment and without the contents of string literals on it.
std::string code_of(std::string_view line);

}  // namespace reprise::tidy
