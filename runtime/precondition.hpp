// A condition for a call, or for the removal of an actor: checked in the actor's turn, so nothing can
// change between the check and the write. A client that has read a state can thus write only if the
// state is still the same. For an instance: that it is still the instance that was meant, and not a
// later one under the same id.
//
//   node->ask(shop::restock("tea", ...), {.only_if = reprise::state_is(seen.tag())});
//
// Failure: cause::precondition_failed, and nothing was done.

#pragma once

#include <cstdint>
#include <vector>

#include "actors/payload.hpp"
#include "actors/time.hpp"

namespace reprise {

struct precondition {
  enum class kind : std::uint8_t { exists, absent, state_among, created_at };
  kind what = kind::exists;
  // state_among: the actor exists and its state has one of these tags
  std::vector<std::uint64_t> tags{};
  time_point created{};  // created_at: when the instance was created
};

// Returns the tag of a state: equal states have equal tags, in every process. The actor's tables do not
// count.
std::uint64_t state_tag(const payload&) noexcept;

// Requires that the actor exists and its state still has this tag.
inline precondition state_is(std::uint64_t tag) { return {precondition::kind::state_among, {tag}}; }
// For an instance: `t` is the creation time in its status.
inline precondition created_at(time_point t) { return {precondition::kind::created_at, {}, t}; }

}  // namespace reprise
