// What an activity did, written where a crash of the node cannot undo it: a file outside the store.
// Tests compare it with the histories: one id per step, more attempts only for steps cut by a kill.

#pragma once

#include <string_view>

namespace reprise {
class attempt_context;
}

namespace examples {

// Appends "activity instance generation id attempt" and a newline to the file that the environment
// variable REPRISE_LEDGER names; does nothing without it. One write, so lines of several threads
// and processes do not mix. Safe from any thread.
void note(std::string_view activity, const reprise::attempt_context&);

}  // namespace examples
