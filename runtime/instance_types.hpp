// What is shown of orchestration instances: status, what they wait for, lists.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "actors/failure.hpp"
#include "actors/history.hpp"
#include "actors/payload.hpp"
#include "actors/time.hpp"
#include "runtime/activity_status.hpp"

namespace reprise {

// Numbered and named as in Durable Functions; 4 is reserved for cancelled.
enum class instance_state : std::uint8_t {
  running = 0,
  completed = 1,
  failed = 3,
  terminated = 5,
  pending = 6,
  suspended = 7,
  stalled = 8
};
constexpr bool is_terminal(instance_state s) noexcept {
  return s == instance_state::completed || s == instance_state::failed ||
         s == instance_state::terminated;
}

// An instance as last committed.
struct instance_status {
  std::string id;
  std::string orchestration;
  instance_state state = instance_state::pending;
  time_point created{}, updated{};
  payload input;
  std::string custom_status;  // JSON text; empty: none
  std::optional<result<payload>>
      outcome;  // ended only; terminated: failure{cause::terminated, reason}
  reprise::generation generation{};
  std::vector<history_event> history;     // of this generation; only when requested
  std::vector<std::uint64_t> undone;        // numbers of the events that a rewind took back
  time_point due{};                         // earliest start; the epoch: it has started
  std::vector<activity_status> activities;  // attempts that wait for a thread or a due time, or run
  std::string finding;                      // stalled: what the history says and what the code does
};

// The answer to "why is it waiting?": one thing it waits for, since when, and what must happen.
struct wait_reason {
  std::string what;
  time_point since{};
  std::string owed_by;
  // For a step with retries: the current or next attempt, and how the one before it failed.
  std::uint32_t attempt = 0;  // 0: the step is not retried
  std::optional<failure> last_failure{};
  time_point next_attempt{};  // earliest start of that attempt; the epoch: it is under way
};
struct instance_waits {
  instance_state state = instance_state::pending;
  std::string finding;  // stalled
  std::vector<wait_reason> reasons;
};

// Selects instances that match every field; a field left at its default matches all.
struct instance_filter {
  std::string prefix{};                  // of the id
  std::string orchestration{};           // of any version
  std::vector<instance_state> states{};  // one of these; empty: any
  time_point created_from{};
  time_point created_to = time_point::max();  // inclusive
  time_point updated_before = time_point::max();
};

// One page of a list, ordered by id. `next` is the cursor of the next page; empty: this was the last.
// A page may be short, even empty, although `next` is not.
struct instance_page {
  std::vector<instance_status> instances;  // without history
  std::string next;
};

// What a purge by filter has done.
struct purge_report {
  std::uint64_t purged = 0;
  // False: the time limit passed, the node stopped, or some could not be purged now.
  bool complete = true;
};

// Whether a status contains the history.
enum class with_history : bool { no, yes };
// Whether the children of an instance are terminated or purged with it.
enum class children : bool { left_alone, included };

}  // namespace reprise
