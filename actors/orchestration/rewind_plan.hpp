// Decides what a rewind takes back, from the history alone: pure, so that it can be tested by itself.
//
// The failure that ended the instance follows the last input that ran its code. If that input is a
// failed answer, it is taken back, with every other failed answer since the code last took a step:
// their steps are open again. Otherwise the code threw by itself, and the input is fed again, to
// code that may have been fixed. Steps of that last turn are taken back too; if one cannot be,
// because a message was sent, nothing is rewound.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "actors/bindings.hpp"
#include "actors/failure.hpp"
#include "actors/history.hpp"

namespace reprise::internal {

struct rewind_plan {
  std::vector<std::uint64_t> undone;  // event numbers, ascending, those of earlier rewinds included
  std::vector<std::uint64_t> reopened;  // steps that are open again and must be asked for again
  std::vector<std::uint64_t> failed;    // those of them whose failed answer is taken back
  // Set if no failed answer was taken back: the only change is that the code gets this input again.
  std::optional<std::uint64_t> given_again;
};

// `history` is complete and ends with a failed completion; `undone` are the events of earlier rewinds.
result<rewind_plan> plan_rewind(const std::vector<history_event>& history,
                                const std::vector<std::uint64_t>& undone);

// For a plan that only gives an input again: tries the code on the history in memory and returns the
// steps it takes. Empty if the code diverges from the history, which is reported elsewhere.
std::optional<std::vector<history_event>> tried_again(const rewind_plan&,
                                                      const std::vector<history_event>& history,
                                                      const bound_orchestration&,
                                                      const std::string& id, generation);

// Returns cause::nothing_undone if these steps end with the same failure as `history`: the code
// failed by itself, or went on from an earlier failure. The code is pure, so it would fail forever
// unless it was changed.
result<> changes_something(const rewind_plan&, const std::vector<history_event>& history,
                           const std::vector<history_event>& again);

}  // namespace reprise::internal
