// What a rewind takes back, decided from the history alone: pure, so that it can be tested by itself.
//
// The failure that ended the instance is the last input that ran its code. When that input is a failed
// answer, it goes, with every other failed answer since the code last did something: their steps are
// open again. When it is not (the code threw by itself), it is fed anew, to code that may be better
// now. What the code asked for in that last turn is taken back too; where it can no longer be (a
// message was sent), nothing is rewound.

#pragma once

#include <cstdint>
#include <vector>

#include "actors/failure.hpp"
#include "actors/internal/history.hpp"

namespace reprise::internal {

struct rewind_plan {
  std::vector<std::uint64_t>
      undone;  // numbers of events, ascending, those of earlier rewinds included
  std::vector<std::uint64_t> reopened;  // steps that wait again and must be asked for again
};

// `history` is whole and ends with a failed completion; `undone` are those of earlier rewinds.
result<rewind_plan> plan_rewind(const std::vector<event>& history,
                                const std::vector<std::uint64_t>& undone);

}  // namespace reprise::internal
