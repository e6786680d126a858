#include "gateway/v1/devices.hpp"

#include "runtime/machine.hpp"

namespace reprise::gateway {

std::vector<device> devices() {
  const auto share = this_machine();
  return {{"host", "host", share.processors, share.memory}};
}

}  // namespace reprise::gateway
