#include "gateway/internal/devices.hpp"

#include <unistd.h>

#include <thread>

namespace reprise::gateway {

std::vector<device> devices() {
  const auto pages = static_cast<std::uint64_t>(::sysconf(_SC_PHYS_PAGES));
  const auto page = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  return {{"host", "host", std::thread::hardware_concurrency(), pages * page}};
}

}  // namespace reprise::gateway
