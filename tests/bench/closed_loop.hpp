// Callers, each with one request in flight: when it is answered, the callback sends the next one.
// A caller stops when a request fails; the row reports how many did.
//
// Threads: callbacks come on the node's threads. A caller is one chain, so its samples need no lock.

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
  // Sends one request of caller `caller`; calls `done` once, on any thread.
  using send = std::function<void(std::size_t caller, done)>;

  closed_loop(std::size_t callers, send);
  ~closed_loop();  // stops

  // Discards what was measured so far and starts measuring.
  void measure();
  // Waits for the requests in flight and sends no more. Idempotent.
  void stop();
  // Waits until every caller has ended by itself.
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

// Sends requests 0 to `count` - 1, each once, a fixed number at a time; returns how many failed.
std::size_t run_each(std::size_t count, std::size_t at_once, const closed_loop::send&);

// Waits for `seconds` without using a core.
void wait(double seconds);

}  // namespace reprise::bench
