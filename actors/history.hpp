// The history of an instance: one flat event for each thing that happened to it (an input) or that
// its code asked for (a step). It is a sequence of inputs, each followed by the steps that the code
// took for it: input, step, step, input, step, ... Replay feeds the inputs and compares the steps.
// The number of an event is its index in its generation and never changes.

#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "actors/failure.hpp"
#include "actors/payload.hpp"
#include "actors/request.hpp"
#include "actors/time.hpp"

namespace reprise {

// Stored as a number: never renumber. 8 to 10 and 31 to 34 are reserved (docs/disk-format.md).
enum class event_kind : std::uint8_t {
  // Inputs.
  started = 1,    // name = orchestration (with its version suffix), value = input,
                  // key = traceparent of what caused the start (empty: no trace)
  answered = 2,   // target = the step that asked; outcome in value or failure (call, activity,
                  // timer: no value)
  raised = 3,     // name = event, value
  fed = 4,        // target = a deferred input that the code gets now
  suspended = 5,  // value = reason (text); later inputs are deferred
  resumed = 6,    // value = reason (text)
  rewound = 7,    // value = reason (text); target = its own number, the round of the steps that it
                  // asks for again (from an older program: 0)
  // Steps: what the code asked for.
  operation = 16,  // name = actor type, operation, key, value = input, policy
  activity = 17,   // name, value = input, policy
  timer = 18,      // due
  wait = 19,       // name = event
  withdrawn = 20,  // target = a step whose answer is no longer wanted
  tell = 21,       // name = actor type, operation, key, value = input; no answer comes
  status = 22,     // value = custom status, as the JSON text that is shown
  completed = 23,  // value or failure: the last step of a generation
  child = 24,      // name = orchestration, key = id (empty: derived), value = input, policy
  continued = 25,  // name = orchestration (empty: the same body), value = input: the last step; the
                   // next generation begins
  changed = 26,    // name = an edit in place: the code took the new path here
  lock = 27,       // name = actor type, key: locks it; answered when it is held
  unlock = 28,     // target = first lock step of the section that ends
  launch = 29,     // name = orchestration, key = id (empty: derived), value = input; nobody waits
  signal = 30,     // name = event, key = instance id, value; nobody waits
};

// Returns whether the event came from outside the code, not from a step of it.
constexpr bool is_input(event_kind k) noexcept { return static_cast<std::uint8_t>(k) < 16; }

// One attempt of a step that was attempted more than once. Unknown times are the epoch.
struct tried {
  std::uint32_t number = 1;
  time_point queued{};           // requested
  time_point began{};            // started on its thread
  time_point ended{};            // its failure or answer was recorded
  std::optional<failure> error;  // empty: it gave the answer

  friend bool operator==(const tried&, const tried&) = default;
};
// How many attempts of a step are kept at each end; a gap in the numbers was left out.
inline constexpr std::size_t first_tried = 3, last_tried = 7;

// One event of the history of an instance.
struct history_event {
  event_kind kind{};
  std::uint64_t number = 0;  // index in the generation
  time_point at{};           // inputs: recorded time of the turn; steps: the time of their input
  std::uint64_t target = 0;  // number of another event
  std::string name, operation, key;
  payload value;
  std::optional<failure> error;  // answered, completed
  time_point due{};              // timer
  retry policy;                  // activity, operation, child
  duration timeout{};            // of one attempt of these; zero: no limit
  bool unlogged = false;         // operation: sent without a record; set by the host
  bool deferred = false;         // inputs: recorded while stalled or suspended; no code ran
  std::vector<tried> attempts;   // answered, if there was more than one: the first and the last

  friend bool operator==(const history_event&, const history_event&) = default;
};

// One life of an instance id: the (term, position) of the transition that began it.
struct generation {
  std::uint64_t term = 0;
  std::uint64_t position = 0;
  friend auto operator<=>(const generation&, const generation&) = default;
};

// "activity say_hello", "operation stock/tea reserve", "timer", "event verdict", ...
std::string describe(const history_event&);

}  // namespace reprise
