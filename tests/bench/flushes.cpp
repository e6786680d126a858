#include "tests/bench/flushes.hpp"

#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>

namespace reprise::bench {
namespace {
std::atomic<std::uint64_t> flushes{0};
}

std::uint64_t flushes_so_far() noexcept { return flushes.load(std::memory_order_relaxed); }

}  // namespace reprise::bench

// Stands before the C library's for the whole program.
extern "C" int fdatasync(int descriptor) {
  reprise::bench::flushes.fetch_add(1, std::memory_order_relaxed);
  return static_cast<int>(::syscall(SYS_fdatasync, descriptor));
}
