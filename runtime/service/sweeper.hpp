// Deletes old records in the background, however many there are.
//
// A round reads the old end of an index in pages. The owner of a record deletes it on its own strand,
// so no later change is lost; the next page is read when all of this page are durably deleted. What
// cannot be deleted is skipped and tried again in the next round.
//
// Threads: any. No lock is held while it waits for the disk or a host, and the calling thread does none
// of the work.

#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "persistence/keys.hpp"
#include "runtime/message/message.hpp"
#include "runtime/node_figures.hpp"

namespace reprise::runtime {

struct turn_services;

class sweeper {
 public:
  using entries = std::vector<std::pair<std::string, std::string>>;
  // A message that asks an owner to delete its records.
  struct request {
    message_ptr to_owner;
    std::size_t records = 0;
    time_point since{};  // when the oldest of them expired
  };
  struct index {
    std::string name;  // in figures
    // Returns the keys of all that have expired at `now`, oldest first; empty: none ever expire.
    std::function<persistence::keys::range(time_point now)> old;
    std::function<std::vector<request>(const entries& page)> requests;  // oldest first
  };

  sweeper(turn_services&, index);

  void begin();  // starts a round, unless one is in progress
  sweep_figures figures() const;

 private:
  class round;
  // Kept by a round's messages, which may outlive the node.
  struct progress {
    std::atomic<bool> under_way{false};
    std::atomic<std::uint64_t> gone{0};
    std::atomic<time_point> overdue_since{time_point::max()};  // max: nothing is overdue
  };

  turn_services& services_;
  const std::shared_ptr<const index> index_;
  const std::shared_ptr<progress> progress_ = std::make_shared<progress>();
};

}  // namespace reprise::runtime
