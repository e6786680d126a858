// The devices that can compute: only the host, while accelerators are not supported.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace reprise::gateway {

struct device {
  std::string name, kind;
  unsigned threads = 0;      // that can run at the same time
  std::uint64_t memory = 0;  // bytes
};

std::vector<device> devices();

}  // namespace reprise::gateway
