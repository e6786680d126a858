// What there is to compute on. The host alone, as long as there are no accelerators.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace reprise::gateway {

struct device {
  std::string name, kind;
  unsigned threads = 0;      // that run at a time
  std::uint64_t memory = 0;  // bytes
};

std::vector<device> devices();

}  // namespace reprise::gateway
