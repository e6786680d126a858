// Runs the raw anchors (anchors/, unchanged) as the programs they are and takes their JSON lines.

#pragma once

#include <cstddef>
#include <map>
#include <string>

#include "tests/bench/options.hpp"
#include "tests/bench/report.hpp"

namespace reprise::bench {

struct anchor_figure {
  double per_second = 0;
  quantiles micros;
};

using anchor_figures = std::map<std::string, anchor_figure>;  // by "parameters" without braces

// Runs PROGRAM (beside our own) in the folder of the benchmark. Throws std::runtime_error when it
// fails.
anchor_figures run_anchor(const std::string& program, const options&);

// The figure of group_commit with so many callers; throws std::runtime_error when there is none.
const anchor_figure& with_callers(const anchor_figures& group_commit, std::size_t callers);

// The rule of anchors/README.md: a run whose anchor is below 0.7 of the median of five recorded on
// this machine is void. Remembers every figure in FOLDER/../anchors.recorded; true when the rule
// says void.
bool record_anchors(const std::string& program, const anchor_figures&, const options&);

}  // namespace reprise::bench
