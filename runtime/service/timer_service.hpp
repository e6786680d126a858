// Timers. The durable index is the timers table; memory holds those due within a window, and one alarm
// is armed for the nearest.
//
// A timer due after the window is only in the table. When the window moves on, the table is read from
// the old end to the new one, once everything set until then is durable: so every timer is loaded
// exactly once, and a million timers for next year cost no memory. Neither do a million that became due
// while the node was down: a limited number is read ahead, and the rest when those have fired.
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
  // `now_and_then`: called on the timer thread when the window is about to move.
  timer_service(turn_services& s, std::function<void()> now_and_then)
      : services_(s), now_and_then_(std::move(now_and_then)) {}

  void set(message_ptr m) override;
  void set_unrecorded(message_ptr m) override;
  void set_back_off(const std::string& instance, const generation&, std::uint64_t step,
                    time_point due, const horizon&) override;
  void cancel(const address& to, time_point due, const message_id&) override;
  void run_at(time_point due, job work) override;

  // Gives the only alarm to the caller until `restart`.
  void lend_alarm(time_point due, job ring);

  // After an open or a restart of the log: reads due timers from the table.
  void restart(std::uint64_t epoch);
  std::size_t resident() const;
  void ring();

 private:
  using place = std::tuple<time_point, message_id, address>;  // in the order of firing

  // Call with mutex_ held:
  void keep(message_ptr);
  bool may_extend() const;  // the window is open and not moving
  void arm();
  void take_one(const std::string& key, const std::string& value, position at);
  std::optional<persistence::load_request> next_to_read();

  // Call without it:
  void extend();  // moves the window
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
  bool lent_ = false;                    // the alarm is lent
  std::uint64_t epoch_ = 0;              // of the log, as of its last restart
  std::atomic<std::uint64_t> round_{0};  // number of restarts: pages of an earlier one are dropped
  bool extending_ = false;
  std::set<place> fired_meanwhile_;  // while extending: pages may still contain them
  time_point read_to_{};             // while extending: due time of the last one read
  std::size_t ahead_ = 0;            // timers read since everything read before had fired
  std::optional<persistence::load_request> unread_;  // to be read when those ahead have fired
};

}  // namespace reprise::runtime
