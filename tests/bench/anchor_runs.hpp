// Runs the raw anchors (anchors/, unchanged) as separate programs and reads their JSON lines.

#pragma once

#include <map>
#include <string>

#include "tests/bench/options.hpp"
#include "tests/bench/report.hpp"

namespace reprise::bench {

struct anchor_figure {
  double per_second = 0;
  quantiles micros;

  double of(figure) const;
};

using anchor_figures = std::map<std::string, anchor_figure>;  // by "parameters" without braces

// Runs anchor-PROGRAM, from the folder of this program, in the folder of the benchmark. Throws
// std::runtime_error if it fails.
anchor_figures run_anchor(const std::string& program, const options&);

// Returns the figures of the chosen row; throws std::runtime_error if there is none.
const anchor_figure& chosen(const anchor_figures&, const anchor_choice&);

// Applies the rule of anchors/README.md: a run whose anchor is below 0.7 of the median of five
// recorded on this machine is void. Records every figure in FOLDER/../anchors.recorded; returns
// true if the run is void.
bool record_anchors(const std::string& program, const anchor_figures&, const options&);

// Returns the path of the program `name` of this build.
std::string program_beside(const std::string& name);

}  // namespace reprise::bench
