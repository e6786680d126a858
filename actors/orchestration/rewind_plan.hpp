// What a rewind takes back, decided from the history alone: pure, so that it can be tested by itself.
//
// The failure that ended the instance is the last input that ran its code. When that input is a failed
// answer, it goes, with every other failed answer since the code last did something: their steps are
// open again. When it is not (the code threw by itself), it is fed anew, to code that may be better
// now. What the code asked for in that last turn is taken back too; where it can no longer be (a
// message was sent), nothing is rewound.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "actors/failure.hpp"
#include "actors/orchestration/history.hpp"

namespace reprise::internal {

struct orchestration_binding;

struct rewind_plan {
  std::vector<std::uint64_t>
      undone;  // numbers of events, ascending, those of earlier rewinds included
  std::vector<std::uint64_t> reopened;  // steps that wait again and must be asked for again
  std::vector<std::uint64_t> failed;    // of these, the ones whose failed answer is taken back
  // No failed answer was taken back: all that changes is that the code is given this input once more.
  std::optional<std::uint64_t> given_again;
};

// `history` is whole and ends with a failed completion; `undone` are those of earlier rewinds.
result<rewind_plan> plan_rewind(const std::vector<event>& history,
                                const std::vector<std::uint64_t>& undone);

// Of a plan that only gives an input again: the steps that the code, tried on the history in memory, asks
// for then. Nothing when it does not fit the history, which is another finding, and not made here.
std::optional<std::vector<event>> tried_again(const rewind_plan&, const std::vector<event>& history,
                                              const orchestration_binding&, const std::string& id,
                                              generation);

// cause::nothing_undone when these steps end with the failure that `history` ends with: the code failed by
// itself, or went on from a failure. It is pure, so it would do so for ever; code that was mended since
// does not.
result<> changes_something(const rewind_plan&, const std::vector<event>& history,
                           const std::vector<event>& again);

}  // namespace reprise::internal
