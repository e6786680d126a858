// C callers, each with one request in flight: when it is answered, the next goes out from the
// callback. A caller whose request fails ends there: the row says how many did.
//
// Threads: callbacks come from the node's; a caller is one chain, so its samples need no lock.

#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <vector>

namespace reprise::bench {

class closed_loop {
 public:
  using clock = std::chrono::steady_clock;
  using done = std::function<void(bool good)>;
  // Sends one request of caller `caller`; calls `done` once, from any thread.
  using send = std::function<void(std::size_t caller, done)>;

  closed_loop(std::size_t callers, send);
  ~closed_loop();  // stops

  // Forgets what was measured so far and measures from here on.
  void measure();
  // Lets every request in flight come back and sends no more. Idempotent.
  void stop();
  // Until every caller has ended by itself.
  void finish();

  double seconds() const;            // of the measured phase
  std::vector<float> take_micros();  // after stop
  std::size_t failures() const { return failures_.load(); }
  std::size_t answered() const { return answered_.load(); }

 private:
  struct caller {
    clock::time_point sent;
    std::vector<float> micros;
    unsigned phase = 0;  // of its samples
  };
  void next(std::size_t index);
  void answer(std::size_t index, bool good);

  send send_;
  std::vector<caller> callers_;
  std::atomic<unsigned> phase_{1};  // grows with measure()
  std::atomic<bool> stopping_{false};
  std::atomic<std::size_t> failures_{0}, answered_{0};
  clock::time_point begin_{}, end_{};
  std::mutex mutex_;
  std::condition_variable idle_;
  std::size_t in_flight_ = 0;
};

// Sends requests 0 to `count` - 1, so many at a time, each once; gives how many failed.
std::size_t run_each(std::size_t count, std::size_t at_once, const closed_loop::send&);

// Waits for `seconds` without burning a core.
void wait(double seconds);

}  // namespace reprise::bench
