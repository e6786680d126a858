// So many in a second, and a second's worth at once: a bucket of tokens that fills as time goes by.
//
// One number says it all: the time at which the bucket will be full again. Each token moves it on by
// the time that one takes to come (the "generic cell rate algorithm").
//
// Threads: any; lock-free.

#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace reprise::gateway {

class rate_limiter {
 public:
  using clock = std::chrono::steady_clock;
  using wait = std::chrono::nanoseconds;

  // Takes one token. Zero: it was there; else nothing was taken and this is how long the next one
  // takes. `rate`: tokens of a second, at least one.
  wait take(clock::time_point now, std::size_t rate) noexcept {
    constexpr std::int64_t second = 1'000'000'000;
    const auto step = second / static_cast<std::int64_t>(rate);
    const auto at = std::chrono::nanoseconds(now.time_since_epoch()).count();
    auto full = full_at_.load(std::memory_order_relaxed);
    for (;;) {
      const auto next = std::max(full, at) + step;
      if (next - at > second) return wait(next - at - second);
      if (full_at_.compare_exchange_weak(full, next, std::memory_order_relaxed)) return {};
    }
  }

 private:
  std::atomic<std::int64_t> full_at_{0};  // ns of the clock
};

}  // namespace reprise::gateway
