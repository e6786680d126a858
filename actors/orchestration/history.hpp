// What an instance remembers: one flat event per thing that happened to it (an input) or that its
// code asked for (a step). History is a sequence of inputs, each followed by the steps that the
// code took when it was fed: input, step, step, input, step, ... Replay feeds the inputs and
// compares the steps. The number of an event is its index in its generation and never changes.

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

namespace reprise::internal {

// Stored as a number: never renumber. 8 to 10 and 31 to 34 are spoken for (docs/disk-format.md).
enum class event_kind : std::uint8_t {
  // Inputs.
  started = 1,    // name = orchestration (with its version suffix), value = input,
                  // key = why it was begun, as a traceparent (empty: no trace)
  answered = 2,   // target = the step that asked; outcome in value or failure (call, activity,
                  // timer: no value)
  raised = 3,     // name = event, value
  fed = 4,        // target = a deferred input, which the code is given now
  suspended = 5,  // value = reason (text); from here on inputs are deferred
  resumed = 6,    // value = reason (text)
  rewound = 7,    // value = reason (text); target = its own number, the round of what it asks for
                  // anew (of an older program: 0)
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
  continued = 25,  // name = orchestration (empty: the same body), value = input: the last step, the
                   // next generation begins
  changed = 26,    // name = of an edit in place: the code took the new path here
  lock = 27,       // name = actor type, key: asks for it; answered when it is held
  unlock = 28,     // target = first lock step of the section that ends
  launch = 29,     // name = orchestration, key = id (empty: derived), value = input; nobody waits
  signal = 30,     // name = event, key = instance id, value; nobody waits
};

constexpr bool is_input(event_kind k) noexcept { return static_cast<std::uint8_t>(k) < 16; }

// One attempt at a step that was tried more than once. A time that is not known is the epoch.
struct tried {
  std::uint32_t number = 1;
  time_point queued{};           // asked for
  time_point began{};            // on its thread
  time_point ended{};            // its failure or its answer was recorded
  std::optional<failure> error;  // none: it gave the answer

  friend bool operator==(const tried&, const tried&) = default;
};
// How many of them are kept of one step; a number that is missing was left out.
inline constexpr std::size_t first_tried = 3, last_tried = 7;

struct event {
  event_kind kind{};
  std::uint64_t number = 0;  // index in the generation
  time_point at{};           // inputs: recorded time of the turn; steps: that of their input
  std::uint64_t target = 0;  // number of another event
  std::string name, operation, key;
  payload value;
  std::optional<failure> error;  // answered, completed
  time_point due{};              // timer
  retry policy;                  // activity, operation, child
  duration timeout{};            // of one attempt of these; zero: none
  bool unlogged = false;         // operation: asked for without a record; set by the host
  bool deferred = false;         // inputs: consumed while stalled or suspended; no code ran
  std::vector<tried> attempts;   // answered, when there was more than one: the first and the last

  friend bool operator==(const event&, const event&) = default;
};

// One run of an instance id: the (term, position) of the transition that began it.
struct generation {
  std::uint64_t term = 0;
  std::uint64_t position = 0;
  friend auto operator<=>(const generation&, const generation&) = default;
};

// The instance id of a child: the one it was given, else one that is this step's and attempt's alone,
// and no longer however deep children are nested.
inline std::string child_id(const event& child, const generation& g, std::uint32_t attempt) {
  if (!child.key.empty()) return child.key;
  auto id = "child-" + std::to_string(g.term) + '.' + std::to_string(g.position) + '.' +
            std::to_string(child.number);
  return attempt > 1 ? id + '.' + std::to_string(attempt) : id;
}

// "activity say_hello", "operation stock/tea reserve", "timer", "event verdict", ...
std::string describe(const event&);

}  // namespace reprise::internal
