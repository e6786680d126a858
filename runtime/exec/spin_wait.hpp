// Spinning before a thread goes to sleep: waking a sleeping thread takes longer (50 us on a virtual
// machine) than most of the work it is woken for.

#pragma once

#include <atomic>
#include <chrono>
#include <thread>

namespace reprise::runtime {

// Spins until `wanted` is set, for at most about one flush, or until another thread gets this
// processor, which shows that the machine is busy.
inline void spin_wait(const std::atomic<bool>& wanted) {
  using clock = std::chrono::steady_clock;
  constexpr auto longest = std::chrono::microseconds(300);
  constexpr auto somebody_ran = std::chrono::microseconds(10);
  const auto begin = clock::now();
  for (auto last = begin; !wanted.load(std::memory_order_acquire);) {
    std::this_thread::yield();
    const auto now = clock::now();
    if (now - last > somebody_ran || now - begin > longest) return;
    last = now;
  }
}

}  // namespace reprise::runtime
