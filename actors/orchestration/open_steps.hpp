// Finds the steps of a history that still wait for something, for "why is it waiting" and for the
// audit after an open. Pure, from the history alone: no code runs.

#pragma once

#include <cstdint>
#include <vector>

#include "actors/history.hpp"

namespace reprise::internal {

// Returns the open steps in the order they were taken. `history` is borrowed. `undone`: the events
// that rewinds took back. A deferred answer that was not fed yet counts: its step is not open.
std::vector<const history_event*> open_steps(const std::vector<history_event>& history,
                                             const std::vector<std::uint64_t>& undone);

// Returns the last rewind; null if there was none.
const history_event* last_rewind(const std::vector<history_event>& history);

// Returns which rewind asked for an open step again; 0: none. Each rewind asks for all open steps
// again, so it is the last one of the history or none.
std::uint32_t round_of(const history_event& step, const history_event* last) noexcept;

}  // namespace reprise::internal
