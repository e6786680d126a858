// Runs the raw anchors (anchors/, unchanged) as the programs they are and takes their JSON lines.

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

// Runs anchor-PROGRAM (beside our own) in the folder of the benchmark. Throws std::runtime_error
// when it fails.
anchor_figures run_anchor(const std::string& program, const options&);

// The figures of the chosen row; throws std::runtime_error when there is none.
const anchor_figure& chosen(const anchor_figures&, const anchor_choice&);

// The rule of anchors/README.md: a run whose anchor is below 0.7 of the median of five recorded on
// this machine is void. Remembers every figure in FOLDER/../anchors.recorded; true when the rule
// says void.
bool record_anchors(const std::string& program, const anchor_figures&, const options&);

// Where the program `name` of this build is.
std::string program_beside(const std::string& name);

}  // namespace reprise::bench
