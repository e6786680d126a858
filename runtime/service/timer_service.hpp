// What is due later. The durable index is the timers table; memory holds those due within a window,
// and one wake-up is armed for the nearest.
//
// A timer set for later than the window's end is only in the table; when the window moves on, the
// table is read from the old end to the new one, after everything set until then is durable. So every
// timer is loaded exactly once, and a million timers for next year cost no memory. A million that were due
// while the node was down neither: so many are read ahead, and the rest when those have fired.
//
// Threads: any; one lock.

#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "runtime/message/message.hpp"
#include "runtime/message/timers.hpp"
#include "runtime/reading/page_reader.hpp"

namespace reprise::runtime {

struct turn_services;

class timer_service final : public timers {
 public:
  // `now_and_then`: called when the window is about to move, on the thread that rings.
  timer_service(turn_services& s, std::function<void()> now_and_then)
      : services_(s), now_and_then_(std::move(now_and_then)) {}

  void set(message_ptr m) override;
  void set_unrecorded(message_ptr m) override;
  void set_back_off(const std::string& instance, const internal::generation&, std::uint64_t step,
                    time_point due, const horizon&) override;
  void cancel(const address& to, time_point due, const message_id&) override;
  void run_at(time_point due, job work) override;

  // There is one alarm: from here on it is the caller's, until `restart`.
  void lend_alarm(time_point due, job ring);

  // After open, and after the log started anew: reads what is due from the table.
  void restart(std::uint64_t epoch);
  std::size_t resident() const;
  void ring();

 private:
  using place = std::tuple<time_point, message_id, address>;  // fires in this order

  // Under mutex_:
  void keep(message_ptr);
  bool may_extend() const;  // the window is neither moving nor yet to be opened
  void arm();
  void take_one(const std::string& key, const std::string& value, position at);
  std::optional<persistence::load_request> next_to_read();

  // Without it:
  void extend();  // the window
  void read(persistence::load_request from, std::uint64_t round);
  page_reader::then take(const persistence::load_request& asked, persistence::load_answer&,
                         std::uint64_t round);

  turn_services& services_;
  const std::function<void()> now_and_then_;
  mutable std::mutex mutex_;
  std::map<place, message_ptr> near_;
  std::multimap<time_point, job> work_;
  time_point window_end_ = time_point::min();
  time_point armed_ = time_point::max();
  bool lent_ = false;                    // the alarm
  std::uint64_t epoch_ = 0;              // of the log, when it last began
  std::atomic<std::uint64_t> round_{0};  // of restarts: a page of an earlier one is dropped
  bool extending_ = false;
  std::set<place> fired_meanwhile_;  // while extending: the page may still show them
  time_point read_to_{};             // while extending: the last that was read
  std::size_t ahead_ = 0;            // how many were read since all that were read had fired
  std::optional<persistence::load_request> unread_;  // when those that are ahead have fired
};

}  // namespace reprise::runtime
