// A rate limiter: a token bucket that holds the tokens of one second.
//
// Its whole state is the time at which the bucket will be full again; each token taken moves it on by
// 1/rate (the generic cell rate algorithm).
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

  // Takes one token and returns zero; or takes none and returns the time until one is available.
  // `rate`: tokens per second, at least 1.
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
  std::atomic<std::int64_t> full_at_{0};  // ns on the clock
};

}  // namespace reprise::gateway
