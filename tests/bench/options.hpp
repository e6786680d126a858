// What `reprise-bench` was asked for.

#pragma once

#include <string>

namespace reprise::bench {

struct options {
  double seconds = 20;  // at least, per row
  unsigned folds = 10;  // at least, per row that writes
  unsigned many_keys = 1'000'000;
  unsigned few_keys = 1'024;
  bool quick = false;                  // a smoke test: its figures mean nothing
  std::string folder = "build/bench";  // on the disk to be measured
  std::string only;                    // a group of rows: actors, orchestrations, idle; empty: all
};

// Prints the help or what is wrong, and exits, when there is nothing to run.
options parse_options(int argc, char** argv);

}  // namespace reprise::bench
