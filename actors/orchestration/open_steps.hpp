// The steps of a history that still wait for something: what "why is it waiting" and the audit after an
// open look at. Pure, and from the history alone: no code runs.

#pragma once

#include <cstdint>
#include <vector>

#include "actors/orchestration/history.hpp"

namespace reprise::internal {

// In the order in which they were asked for. `history` is borrowed. `undone`: what rewinds took back.
// An answer that came and was not fed yet counts: its step waits no more.
std::vector<const event*> open_steps(const std::vector<event>& history,
                                     const std::vector<std::uint64_t>& undone);

// Nothing: it was never rewound.
const event* last_rewind(const std::vector<event>& history);

// Of a step that waits: which rewind asked for it anew; 0: none. Each asks for all that wait then, so it was
// the last one of the history, or none.
std::uint32_t round_of(const event& step, const event* last) noexcept;

}  // namespace reprise::internal
