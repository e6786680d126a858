// What an open, or a start anew after a failed commit, must know before anything new is taken: who
// has messages waiting, which activities are open, who must be visited, how late it was.
//
// All of it is written with the transitions, so recovery never looks at an idle instance.

#pragma once

#include <cstdint>
#include <vector>

#include "actors/failure.hpp"
#include "actors/request.hpp"
#include "actors/time.hpp"
#include "persistence/keys.hpp"
#include "persistence/store.hpp"
#include "runtime/message/records.hpp"

namespace reprise::runtime {

class engine;

class recovery {
 public:
  recovery(engine& e, std::uint64_t epoch) : engine_(e), epoch_(epoch) {}

  // Blocks: reads the lists and tells the directory whom to expect. No host runs yet.
  result<> read();
  time_point clock() const noexcept { return clock_; }
  // Starts activities and back-offs, timers, and in slices the hosts that have something to do. All
  // that this needs has been read: it cannot fail.
  void resume();

 private:
  result<> read_destinations();
  result<> read_visits();
  result<> read_locks();
  result<> read_requests();

  struct open_request {
    persistence::keys::request_key where;
    records::request what;
    position at = 0;  // where it was read
  };

  engine& engine_;
  const std::uint64_t epoch_;  // of the log: what is read is true of it
  time_point clock_{};
  std::vector<open_request> requests_;
  std::vector<address> pending_;
};

}  // namespace reprise::runtime
