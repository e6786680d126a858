// Sends requests at a fixed rate, whether or not answers come: latency without coordinated omission.

#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "tests/bench/closed_loop.hpp"

namespace reprise::bench {

struct open_measure {
  std::vector<float> micros;  // from the moment each was due
  std::size_t failures = 0;
};

// Sends `rate` requests per second for `seconds` from this thread, then waits for every answer.
open_measure run_open_loop(double rate, double seconds,
                           const std::function<void(closed_loop::done)>& send);

}  // namespace reprise::bench
