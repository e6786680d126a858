// Node time: the newest of the recorded and the real time, so it never runs back.
//
// Where the real time is behind, because the machine's clock was set back, node time goes on at nine
// tenths of its pace until the real time has caught up: timers are late by a tenth, not by the step,
// and never early. After a step forward, and after a start (which may hide one), nothing is forgotten
// by its age for ten minutes.

#pragma once

#include <atomic>
#include <mutex>
#include <optional>

#include "actors/time.hpp"
#include "runtime/exec/executor.hpp"

namespace reprise::runtime {

// Any thread.
class node_clock {
 public:
  explicit node_clock(executor& e) : exec_(e) {}

  time_point now() { return at(exec_.now()); }
  time_point at(time_point real);  // of who has just looked at the clock
  time_point newest() const { return time_point(duration(newest_.load())); }  // that was given

  // At a start: time has been `recorded` once.
  void begin(time_point recorded);

  // The real time at which node time will be `due`; earlier where that is far or the clock is set.
  time_point real_time_of(time_point due);

  // Retention and idempotency keys ask before they let go of what is old.
  bool may_forget();

 private:
  time_point catch_up(time_point real);
  void follow(time_point node);

  struct anchor {
    time_point node;
    duration boot;
  };

  executor& exec_;
  // Written all the time, by all threads: apart from what they only read.
  alignas(64) std::atomic<duration::rep> newest_{0};
  std::atomic<bool> behind_{false};

  std::mutex mutex_;
  std::optional<anchor> since_;  // while the real time is behind
  duration offset_{0};           // of the real time from the boot time, when last looked at
  duration remember_until_{0};   // boot time
};

}  // namespace reprise::runtime
