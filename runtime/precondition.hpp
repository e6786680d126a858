// What must be so when an actor's turn comes for a call, or its removal, to happen: whoever has read a
// state writes only if it is still that one. Of an instance: that it is still the one that was meant, whoever
// may have its id by now. It is looked at in the turn itself, so nothing comes between look and write.
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
  std::vector<std::uint64_t> tags{};  // of state_among: the actor is there with one of these
  time_point created{};               // of created_at: the instance was created then
};

// Names a state: equal states have equal tags, in every process. What stands in the actor's tables has
// no part in it.
std::uint64_t state_tag(const payload&) noexcept;

inline precondition state_is(std::uint64_t tag) { return {precondition::kind::state_among, {tag}}; }
// Of an instance, as its status says when it was created.
inline precondition created_at(time_point t) { return {precondition::kind::created_at, {}, t}; }

}  // namespace reprise
