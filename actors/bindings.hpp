// What a program has bound, by durable name: for whoever shows it, checks it or runs it. `application`
// adds names (application.hpp); everybody else reads them here.
//
// Threads: any, once the names are bound. Pointers that are returned live as long as the bindings.

#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "actors/failure.hpp"
#include "actors/payload.hpp"
#include "actors/payload_type.hpp"

namespace reprise {

class attempt_context;

// The code behind a name. What runs in this process is made by `application::bind`.
class actor_code;          // makes the objects that run operations
class orchestration_code;  // makes the coroutines that are replayed
class activity_code {
 public:
  virtual ~activity_code() = default;
  // Runs one attempt; several may run at once. Never throws: an exception from user code is a retryable
  // failure with cause::failed.
  virtual result<payload> run(const payload& input, attempt_context&) const = 0;
};

// An operation of an actor, with the types of its message and its answer.
struct bound_operation {
  std::string name;
  const payload_type* in = nullptr;
  const payload_type* out = nullptr;
  bool read_only = false;  // of a const member function: writes nothing, has no order
  bool transient = false;  // its messages have no record
  std::size_t index = 0;   // in bound_actor::operations; for actor_code
};

// A table of an actor, with the types of its entries.
struct bound_table {
  std::string name;
  const payload_type* key = nullptr;
  const payload_type* value = nullptr;
};

// An actor type: its state, its tables and its operations.
struct bound_actor {
  std::string type;
  const payload_type* state = nullptr;
  std::vector<bound_table> tables;          // sorted by durable name
  std::vector<bound_operation> operations;  // in order of binding
  std::shared_ptr<const actor_code> code;

  // Returns null when the actor has no such operation.
  const bound_operation* find(std::string_view operation) const noexcept;
};

// An activity, with the types of its input and its answer.
struct bound_activity {
  std::string name;
  std::string pool;          // "io" unless bound otherwise
  bool speculative = false;  // pure: may start before its step is durable
  const payload_type* in = nullptr;
  const payload_type* out = nullptr;
  std::shared_ptr<const activity_code> code;
};

// One version of an orchestration, with the types of its input and its outcome.
struct bound_orchestration {
  std::string name;  // with its version suffix: "checkout.2"
  const payload_type* in = nullptr;
  const payload_type* out = nullptr;
  std::shared_ptr<const orchestration_code> code;
};

// An event that an orchestration waits for. It has no code; it is bound so that the gateway knows its type.
struct bound_event {
  std::string name;
  const payload_type* type = nullptr;
};

// The names that are bound, and what is behind each.
class bindings {
 public:
  // Return null when nothing is bound by this name. An orchestration is named with its version.
  const bound_actor* find_actor(std::string_view type) const noexcept;
  const bound_activity* find_activity(std::string_view name) const noexcept;
  const bound_orchestration* find_orchestration(std::string_view name) const noexcept;
  // Returns what a start of `name` runs: the version it names ("checkout.2"), otherwise the newest.
  const bound_orchestration* newest_orchestration(std::string_view name) const noexcept;
  // Returns null when nothing is bound by this name. Ignores case.
  const bound_event* find_event(std::string_view name) const;

  template <class Bound>
  using table_of = std::map<std::string, Bound, std::less<>>;
  // All that are bound, by name.
  const table_of<bound_actor>& actors() const noexcept { return actors_; }
  const table_of<bound_activity>& activities() const noexcept { return activities_; }
  const table_of<bound_orchestration>& orchestrations() const noexcept { return orchestrations_; }
  const table_of<bound_event>& events() const noexcept { return events_; }

 protected:  // an application, and nothing else, is made, copied and filled
  bindings() = default;
  bindings(const bindings&) = default;
  bindings(bindings&&) = default;
  bindings& operator=(const bindings&) = default;
  bindings& operator=(bindings&&) = default;
  ~bindings() = default;

  table_of<bound_actor> actors_;
  table_of<bound_activity> activities_;
  table_of<bound_orchestration> orchestrations_;
  table_of<bound_event> events_;
};

}  // namespace reprise
