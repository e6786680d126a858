// What is shown of actors: a state, lists of them.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "actors/payload.hpp"
#include "actors/time.hpp"
#include "runtime/precondition.hpp"

namespace reprise {

// An actor as last committed.
struct actor_status {
  time_point updated{};
  payload state;
  // Pass it to `state_is`: the call is then carried out only if the actor still has this state.
  std::uint64_t tag() const noexcept { return state_tag(state); }
};

// One actor on a page of a list.
struct listed_actor {
  std::string key;
  actor_status status;
};
// One page of a list, ordered by key; for `next` see instance_page.
struct actor_page {
  std::vector<listed_actor> actors;
  std::string next;
};

}  // namespace reprise
