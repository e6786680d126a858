// A call without its types: what a `call` holds, what travels between hosts, and what the gateway
// makes from a URL. Does nothing until it is performed.

#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <utility>

#include "actors/failure.hpp"
#include "actors/payload.hpp"
#include "actors/time.hpp"

namespace reprise {

// When and how often to retry. Trivially destructible, because it is written in braces inside
// co_await (see call.hpp).
struct retry {
  std::uint32_t attempts = 1;                // at most, including the first; 0 means 1
  duration first = std::chrono::seconds(1);  // the delay before the second attempt
  double factor = 2.0;                       // of a delay to the one before it
  duration max = std::chrono::minutes(1);    // of one delay
  duration total = duration::max();          // since the first attempt; no attempt starts later
  causes only{};                             // retry only after these causes; empty: after any
  friend bool operator==(const retry&, const retry&) = default;
};

// Where a durable thing lives. Instances have no type: an instance id is unique by itself.
enum class address_kind : std::uint8_t { actor = 1, instance = 2 };

// The address of an actor or an instance, as messages and records carry it.
struct address {
  address_kind kind = address_kind::actor;
  std::string type;  // actor type; empty for an instance
  std::string key;   // actor key or instance id
  friend auto operator<=>(const address&, const address&) = default;
};

// A reference to one actor, as `lock` takes it: shop::stock("tea"). Not an aggregate, because it is
// written inside co_await.
struct actor_ref {
  actor_ref(std::string of_type, std::string of_key)
      : type(std::move(of_type)), key(std::move(of_key)) {}
  std::string type, key;
  friend auto operator<=>(const actor_ref&, const actor_ref&) = default;
};

// What a request asks for.
enum class request_kind : std::uint8_t {
  operation = 1,
  activity = 2,
  orchestration = 3,
  event = 4,
  sleep = 5
};

// What a start does when an instance with its id exists. By default it replaces an ended instance.
enum class id_reuse : std::uint8_t {
  of_ended = 0,   // replaces an ended instance; refused while one runs
  never = 1,      // refused also after the instance has ended
  of_running = 2  // terminates a running instance first
};

struct request {
  request_kind kind = request_kind::activity;
  std::string name;       // actor type, activity, orchestration, or event (in lower case)
  std::string operation;  // operations only
  std::string key;        // actor key, or instance id of an orchestration (empty: derived)
  payload input;
  duration delay{};  // sleep: counted from the recorded time of the input being handled
  reprise::retry policy{};
  duration timeout{};                   // of one attempt; zero: no limit
  id_reuse reuse = id_reuse::of_ended;  // orchestrations started by a client
  time_point due{};                     // likewise: not before
};

// The event of a name for the instance `id`: event<T>::to for what is known by its name only.
inline request event_to(std::string id, std::string event, payload value) {
  request what;
  what.kind = request_kind::event;
  what.name = std::move(event);
  what.key = std::move(id);
  what.input = std::move(value);
  return what;
}

}  // namespace reprise
