// Latencies of a long run in constant space: buckets that are a sixteenth of their value wide.
//
// Threads: any.

#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace reprise::bench {

class latencies {
 public:
  void add(std::uint64_t micros) noexcept {
    counts_[bucket(micros)].fetch_add(1, std::memory_order_relaxed);
  }

  // In microseconds, of the samples since the last call; 0: there were none.
  struct since {
    std::uint64_t count = 0;
    double p50 = 0, p99 = 0;
  };
  since take() noexcept;

 private:
  static constexpr unsigned fine = 16;  // buckets for a power of two
  static std::size_t bucket(std::uint64_t v) noexcept {
    if (v < fine) return v;
    const auto power = static_cast<unsigned>(std::bit_width(v)) - 5;
    return (power + 1) * fine + ((v >> power) - fine);
  }
  static double value_of(std::size_t bucket) noexcept {
    if (bucket < fine) return double(bucket);
    return double((bucket % fine + fine) << (bucket / fine - 1));
  }
  std::array<std::atomic<std::uint64_t>, 61 * fine> counts_{};
};

inline latencies::since latencies::take() noexcept {
  std::array<std::uint64_t, 61 * fine> taken;
  since all;
  for (std::size_t i = 0; i < taken.size(); ++i) all.count += taken[i] = counts_[i].exchange(0);
  const auto at = [&](double fraction) {
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < taken.size(); ++i)
      if ((seen += taken[i]) > fraction * double(all.count)) return value_of(i);
    return 0.0;
  };
  all.p50 = at(0.5);
  all.p99 = at(0.99);
  return all;
}

}  // namespace reprise::bench
