// One life of a node, drawn from a seed: clients with and without idempotency keys, kills, full
// disks, failed flushes, passivation; then the faults stop, and the results are checked.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace reprise::testing {

struct story_end {
  std::vector<std::string> wrong;  // one sentence each
  std::uint64_t requests = 0, deaths = 0, stalls = 0, steps = 0;
  friend bool operator==(const story_end&, const story_end&) = default;
};

// The same seed gives the same story, step by step.
story_end random_story(std::uint64_t seed);

}  // namespace reprise::testing
