// What is due later. The durable index is the timers table; memory holds those due within a window,
// and one wake-up is armed for the nearest.
//
// A timer set for later than the window's end is only in the table; when the window moves on, the
// table is read from the old end to the new one, after everything set until then is durable. So no
// timer is both in memory twice and none is missed, and a million timers for next year cost no
// memory.
//
// Threads: any; one lock.

#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <set>
#include <tuple>

#include "runtime/internal/message.hpp"

namespace reprise::runtime {

class engine;

class timer_service {
 public:
  explicit timer_service(engine& e) : engine_(e) {}

  // A timer whose record is part of the transition that is about to be published; `m.timer_due`
  // says when. Delivered as it is when due. Once. Void, as with the next two, when it depends on what
  // an epoch that is over has lost.
  void set(message_ptr m);
  // One without a record: it is always in memory, and gone with it.
  void set_unrecorded(message_ptr m);
  // The end of a step's back-off. Its record is the request, so it is always in memory.
  void set_back_off(const std::string& instance, const internal::generation&, std::uint64_t step,
                    time_point due, const horizon&);
  // Forgets it, if it did not fire yet. The record is erased by the caller's transition.
  void cancel(const address& to, time_point due, const message_id&);

  // Work of the engine's own, in memory only, on the upkeep pool.
  void run_at(time_point due, job work);

  // There is one alarm: from here on it is the caller's, until `restart`.
  void lend_alarm(time_point due, job ring);

  // After open, and after the log started anew: reads what is due from the table.
  void restart(std::uint64_t epoch);
  void ring();

 private:
  using place = std::tuple<time_point, message_id, address>;  // fires in this order

  void keep(message_ptr);   // under mutex_
  bool may_extend() const;  // likewise: the window is neither moving nor yet to be opened
  void arm();               // likewise
  void extend();            // the window; called without the lock
  void read_page(std::string first, time_point end);

  engine& engine_;
  std::mutex mutex_;
  std::map<place, message_ptr> near_;
  std::multimap<time_point, job> work_;
  time_point window_end_ = time_point::min();
  time_point armed_ = time_point::max();
  bool lent_ = false;                    // the alarm
  std::uint64_t epoch_ = 0;              // of the log, when it last began
  std::atomic<std::uint64_t> round_{0};  // of restarts: a page of an earlier one is dropped
  bool extending_ = false;
  std::set<place> fired_meanwhile_;  // while extending: the page may still show them
};

}  // namespace reprise::runtime
