// Node time: the later of recorded and real time, so it never runs back.
//
// While real time is behind, because the machine's clock was set back, node time runs at nine tenths of
// its pace until real time has caught up: timers are late by a tenth instead of the whole step, and
// never early. For ten minutes after a step forward, and after a start (which may hide one), nothing
// expires by age.

#pragma once

#include <atomic>
#include <mutex>
#include <optional>

#include "actors/time.hpp"
#include "runtime/exec/executor.hpp"

namespace reprise::runtime {

// Threads: any.
class node_clock {
 public:
  explicit node_clock(executor& e) : exec_(e) {}

  time_point now() { return at(exec_.now()); }
  time_point at(time_point real);  // `real`: the clock as just read by the caller
  // Newest time given so far.
  time_point newest() const { return time_point(duration(newest_.load())); }

  // To be called at a start with the recorded time.
  void begin(time_point recorded);

  // Returns the real time at which node time reaches `due`; an earlier one if that is far off or the
  // clock was set.
  time_point real_time_of(time_point due);

  // False while nothing may expire. Retention and idempotency keys check it first.
  bool may_forget();

 private:
  time_point catch_up(time_point real);
  void follow(time_point node);

  struct anchor {
    time_point node;
    duration boot;
  };

  executor& exec_;
  // Written constantly by all threads: on a cache line apart from what they only read.
  alignas(64) std::atomic<duration::rep> newest_{0};
  std::atomic<bool> behind_{false};

  std::mutex mutex_;
  std::optional<anchor> since_;  // set while real time is behind
  duration offset_{0};           // real time minus boot time, as last checked
  duration remember_until_{0};   // as boot time
};

}  // namespace reprise::runtime
