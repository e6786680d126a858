// The options of `reprise-bench`.

#pragma once

#include <string>

namespace reprise::bench {

struct options {
  double seconds = 30;  // at least, per row
  unsigned folds = 10;  // at least, per row that writes
  unsigned many_keys = 1'000'000;
  unsigned few_keys = 1'024;
  bool quick = false;                  // a smoke test: its figures mean nothing
  std::string folder = "build/bench";  // on the disk to be measured
  std::string only;                    // a group of rows; empty: all
  double soak = 0;                     // seconds of mixed load instead of rows; 0: rows

  // Returns the size of something that is built before it is measured.
  unsigned size(unsigned full, unsigned quickly) const { return quick ? quickly : full; }
};

// Parses the command line. Prints the help, the groups or an error and exits if there is nothing to run.
options parse_options(int argc, char** argv);

}  // namespace reprise::bench
