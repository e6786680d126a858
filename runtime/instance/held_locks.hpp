// The actors that an instance has requested for its critical section and not released. Derived from the
// history alone, whether or not code runs. Actors that refused are not included.

#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "actors/history.hpp"
#include "actors/request.hpp"

namespace reprise::runtime {

class held_locks {
 public:
  struct asked {
    std::uint64_t step = 0;  // its lock step
    address actor;
  };

  void follow(const history_event& e) {
    if (e.kind == event_kind::lock)
      all_.push_back({e.number, {address_kind::actor, e.name, e.key}});
    else if (e.kind == event_kind::answered && e.error)
      std::erase_if(all_, [&](const asked& one) { return one.step == e.target; });
    else if (e.kind == event_kind::unlock)
      all_.clear();
  }
  bool contains(const address& actor) const {
    return std::any_of(all_.begin(), all_.end(),
                       [&](const asked& one) { return one.actor == actor; });
  }
  std::vector<asked> release() { return std::exchange(all_, {}); }

 private:
  std::vector<asked> all_;
};

}  // namespace reprise::runtime
