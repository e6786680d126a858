#include "tests/bench/open_loop.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>

namespace reprise::bench {

open_measure run_open_loop(double rate, double seconds,
                           const std::function<void(closed_loop::done)>& send) {
  using clock = closed_loop::clock;
  const auto total = static_cast<std::size_t>(rate * seconds);
  std::mutex mutex;
  std::condition_variable all_in;
  std::size_t answered = 0;
  open_measure measured;
  measured.micros.reserve(total);
  const auto begin = clock::now();
  for (std::size_t sent = 0; sent < total;) {
    // A millisecond's worth at a time: the timer of the kernel is no finer under load.
    const double elapsed = std::chrono::duration<double>(clock::now() - begin).count();
    const auto due = std::min(total, static_cast<std::size_t>(elapsed * rate));
    for (; sent < due; ++sent) {
      const auto planned = begin + std::chrono::duration_cast<clock::duration>(
                                       std::chrono::duration<double>(double(sent) / rate));
      send([&, planned](bool good) {
        const auto micros =
            std::chrono::duration<float, std::micro>(clock::now() - planned).count();
        std::lock_guard lock(mutex);
        measured.micros.push_back(micros);
        if (!good) ++measured.failures;
        if (++answered == total) all_in.notify_all();
      });
    }
    wait(0.001);
  }
  std::unique_lock lock(mutex);
  all_in.wait(lock, [&] { return answered == total; });
  return measured;
}

}  // namespace reprise::bench
