#include "tests/bench/rows.hpp"

namespace reprise::bench {

bool run_soak(const options&) { return false; }

}  // namespace reprise::bench
