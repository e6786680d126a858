// What an open, or a start anew after a failed commit, must know before anything new is taken: who
// has messages waiting, which activities are open, who must be visited, how late it was.
//
// All of it is written with the transitions, so recovery never looks at an idle instance.

#pragma once

#include <string>
#include <vector>

#include "actors/failure.hpp"
#include "actors/request.hpp"
#include "actors/time.hpp"
#include "persistence/store.hpp"

namespace reprise::runtime {

class engine;

class recovery {
 public:
  explicit recovery(engine& e) : engine_(e) {}

  // Blocks: reads the lists and tells the directory whom to expect. No host runs yet.
  result<> read();
  time_point clock() const noexcept { return clock_; }
  // Starts activities and back-offs, timers, and in slices the hosts that have something to do.
  void resume();

 private:
  result<> read_destinations();
  result<> read_visits();
  result<> read_locks();
  result<> resume_requests();

  engine& engine_;
  time_point clock_{};
  std::vector<address> pending_;
};

}  // namespace reprise::runtime
