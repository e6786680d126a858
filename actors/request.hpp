// A call without its types: what `call<R>` holds, what travels, and what the gateway makes from a
// URL. Inert until somebody performs it.

#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <utility>

#include "actors/failure.hpp"
#include "actors/payload.hpp"
#include "actors/time.hpp"

namespace reprise {

// When and how often to try again. Trivially destructible: it is written in braces inside co_await.
struct retry {
  std::uint32_t attempts = 1;  // at most, the first included; 0 is as 1
  duration first = std::chrono::seconds(1);
  double factor = 2.0;
  duration max = std::chrono::minutes(1);
  duration total = duration::max();  // from the first attempt; no new one starts after it
  causes only{};                     // retried after these alone; none named: after each
  friend bool operator==(const retry&, const retry&) = default;
};

// Where a durable thing lives. Orchestration instances have no type: their id is unique on its own.
enum class address_kind : std::uint8_t { actor = 1, instance = 2 };

struct address {
  address_kind kind = address_kind::actor;
  std::string type;  // actor type; empty for an instance
  std::string key;   // actor key or instance id
  friend auto operator<=>(const address&, const address&) = default;
};

// One actor: what `lock` takes. Made by its type, shop::stock("tea"); no aggregate: it is written inside co_await.
struct actor_ref {
  actor_ref(std::string of_type, std::string of_key)
      : type(std::move(of_type)), key(std::move(of_key)) {}
  std::string type, key;
  friend auto operator<=>(const actor_ref&, const actor_ref&) = default;
};

enum class request_kind : std::uint8_t {
  operation = 1,
  activity = 2,
  orchestration = 3,
  event = 4,
  sleep = 5
};

// A start under an id that is there already: what becomes of the one that has it. An instance that has
// ended is replaced unless the id is for one life only.
enum class id_reuse : std::uint8_t {
  of_ended = 0,   // refused while one runs
  never = 1,      // refused also after it has ended
  of_running = 2  // one that runs is terminated first
};

struct request {
  request_kind kind = request_kind::activity;
  std::string name;       // actor type, activity, orchestration or event (events in lower case)
  std::string operation;  // operations only
  std::string key;        // actor key; instance id of an orchestration (empty: derived)
  payload input;
  duration delay{};  // sleep: how long, counted from the recorded time of the event being fed
  reprise::retry policy{};
  duration timeout{};                   // of one attempt; zero: none
  id_reuse reuse = id_reuse::of_ended;  // orchestrations started from outside
  time_point due{};                     // of these: not before
};

}  // namespace reprise
