// Reads what a node must know before it accepts work, after an open or after a failed commit: which
// addresses have waiting messages, which activities are open, which instances must be visited, and the
// recorded time.
//
// All of this is written with the transitions, so recovery never reads an idle instance.

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

  // Reads the lists and tells the directory which hosts to expect. Blocks; no host runs yet.
  result<> read();
  time_point clock() const noexcept { return clock_; }
  // Starts activities, back-offs and timers and, in slices, the hosts that have something to do.
  // Everything it needs has been read, so it cannot fail.
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
  const std::uint64_t epoch_;  // epoch of the log that the reads belong to
  time_point clock_{};
  std::vector<open_request> requests_;
  std::vector<address> pending_;
};

}  // namespace reprise::runtime
