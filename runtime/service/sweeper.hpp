// Lets go of what has grown old, in the background, however much there is.
//
// A round reads the old end of an index in pages. Whoever owns a record lets it go, on its own strand, so
// nothing that happens there meanwhile is overtaken; the next page is read when all of this one are gone
// durably. What cannot go is passed over and tried again in the next round.
//
// Threads: any. Nothing is held while the disk or a host is waited for, and the thread that calls does
// none of it.

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
  // To whoever owns these records: he is to let them go.
  struct request {
    message_ptr to_owner;
    std::size_t records = 0;
    time_point since{};  // when the oldest of them was to go
  };
  struct index {
    std::string name;  // in figures
    // The keys of all that is to be gone at this time, the oldest first; empty: nothing ever is.
    std::function<persistence::keys::range(time_point now)> old;
    std::function<std::vector<request>(const entries& page)> requests;  // the oldest first
  };

  sweeper(turn_services&, index);

  void begin();  // a round, unless one is under way
  sweep_figures figures() const;

 private:
  class round;
  // What outlives the node with the last message of a round.
  struct progress {
    std::atomic<bool> under_way{false};
    std::atomic<std::uint64_t> gone{0};
    std::atomic<time_point> overdue_since{time_point::max()};  // the newest there is: nothing is
  };

  turn_services& services_;
  const std::shared_ptr<const index> index_;
  const std::shared_ptr<progress> progress_ = std::make_shared<progress>();
};

}  // namespace reprise::runtime
