// Plays the examples without a node: the requests of an orchestration are executed at once, in memory, and
// fed back. JSON in and out, as in the gateway. An example of what users' own tests may look like.
//
// Threads: one. Time moves only with `pass`.

#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "actors/actor/actor_object.hpp"
#include "actors/history.hpp"
#include "actors/orchestration/orchestration_run.hpp"
#include "actors/reprise.hpp"

namespace examples {

class player {
 public:
  player();
  ~player();

  // Runs one operation on one actor; returns its answer as JSON, or "cause: text".
  std::string operate(const std::string& type, const std::string& key, const std::string& operation,
                      const std::string& json);

  // Runs one instance at a time, until it ends or waits for an event or a timer.
  void start(const std::string& orchestration, const std::string& json);
  void raise(const std::string& event, const std::string& json);
  void pass(reprise::duration);  // fires the timers that come due

  // Returns the outcome as JSON, or "cause: text"; "waiting" while there is none.
  std::string outcome() const;
  // Attempts of each activity so far, by name.
  const std::map<std::string, unsigned>& attempts() const { return attempts_; }
  // Replays every prefix of the history into a new frame; returns the first divergence, or "".
  std::string replay_every_beginning() const;

 private:
  void feed(reprise::history_event);
  void perform(const reprise::history_event& step);
  void settle();
  reprise::result<reprise::payload> run_activity(const reprise::history_event& step);
  reprise::result<reprise::payload> run_operation(const std::string& type, const std::string& key,
                                                  const std::string& operation,
                                                  const reprise::payload& input);

  const reprise::application app_;
  std::map<std::string, std::unique_ptr<reprise::internal::actor_object>> actors_;
  std::map<std::string, unsigned> attempts_;
  const reprise::bound_orchestration* code_ = nullptr;
  std::unique_ptr<reprise::internal::orchestration_run> run_;
  std::vector<reprise::history_event> history_;
  std::deque<reprise::history_event> inputs_;                 // not fed yet
  std::multimap<reprise::time_point, std::uint64_t> timers_;  // due, step
  reprise::time_point now_{std::chrono::hours(1)};
};

}  // namespace examples
