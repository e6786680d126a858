// Logs what activities did to a file outside the store, where a crash of the node cannot undo it. Tests
// compare it with the histories: one id per step, and more attempts only for steps cut by a kill.

#pragma once

#include <string_view>

namespace reprise {
class attempt_context;
}

namespace examples {

// Appends "activity instance generation id attempt" and a newline to the file named by the
// environment variable REPRISE_LEDGER; does nothing without it. It is one write, so lines of
// several threads and processes do not mix. Thread-safe.
void note(std::string_view activity, const reprise::attempt_context&);

}  // namespace examples
