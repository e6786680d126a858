// What a thread does before it sleeps: to wake one that sleeps takes longer (50 us on a virtual machine)
// than most of what it is woken for.

#pragma once

#include <atomic>
#include <chrono>
#include <thread>

namespace reprise::runtime {

// Until it is wanted; for about as long as a flush takes; or until somebody else wants the processor,
// which a machine that is busy shows at once.
inline void look_out(const std::atomic<bool>& wanted) {
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
