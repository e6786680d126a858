// One node: an application, a data folder and the threads that run it. Explicit, no globals, no
// signal handlers, no thread before `open`; several nodes may live in one process, each with its
// own folder.
//
//   auto node = reprise::node::open({.data = "shop.db"}, std::move(app));
//   auto left = (*node)->ask(shop::reserve("tea", [](auto ask) { ask.setQuantity(1); })).get();
//
// Threads: every function may be called from any thread. Callbacks run on a thread of the node's, or on
// the caller's before the call returns. They must not block. One that throws on a thread of the node's
// ends the process (std::terminate). A call answers when its effect is durable.
//
// Failure: `overloaded` and `storage_full` mean nothing was done; `unavailable` means not applied;
// `unknown_outcome` means ask again after the next open.

#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "actors/orchestration/history.hpp"
#include "actors/reprise.hpp"
#include "runtime/activity_status.hpp"
#include "runtime/dead_letter.hpp"
#include "runtime/handle.hpp"
#include "runtime/held_actor.hpp"
#include "runtime/log_sink.hpp"
#include "runtime/node_figures.hpp"
#include "runtime/precondition.hpp"
#include "runtime/span.hpp"

namespace reprise {

namespace runtime {
class engine;
}
namespace internal {
struct node_access;
}

// How long instances are kept after they have ended; zero: for ever. The oldest go first, in the
// background, looked for every few minutes: none in the first ten after a start or a step of the clock,
// which might only seem to have been long ago.
struct retention {
  duration completed{};
  duration failed{};
  duration terminated{};
};

struct node_options {
  std::string data{};      // folder; empty: in memory, gone with the node
  unsigned workers = 0;    // scheduler threads; 0: one per core, at least two
  std::size_t memory = 0;  // bytes for resident actors and instances, more are passivated;
                           // 0: a quarter of the machine's
  std::vector<std::pair<std::string, unsigned>>
      pools{};        // activity pools: name, threads; "io" (16) and "cpu" (cores) exist
  log_sink log{};     // empty: nothing is logged
  span_sink spans{};  // empty: work carries no trace, and nothing is said of it
  reprise::retention retention{};
  // Called once when the node has failed and must be opened again: the outcome of a write is unknown, or
  // what was pending could not be read again after a write that was refused.
  std::function<void(std::string)> on_failed{};
};

// Makes an effect happen once per key, however often it is asked for. Scoped to (principal, target,
// operation).
struct idempotency {
  std::string principal;  // who asks; empty: everybody is one
  std::string key;
  std::uint64_t body = 0;  // hash of the request: another one is cause::mismatch
};

struct ask_options {
  std::optional<reprise::idempotency> once;
  // The trace of the work that this asks for. None, or one that is not sampled: it has no spans.
  trace_context trace{};
  // Of an operation, the removal of an actor, or, `created_at`, of what is asked of an instance; with
  // anything else cause::invalid.
  std::optional<precondition> only_if{};
};

// Stored and shown as Durable Functions numbers and names them; 4 is kept for cancelled.
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

// One instance as last committed.
struct instance_status {
  std::string id;
  std::string orchestration;
  instance_state state = instance_state::pending;
  time_point created{}, updated{};
  payload input;
  std::string custom_status;  // JSON text; empty: none
  std::optional<result<payload>>
      outcome;  // terminal only; terminated: failure{cause::terminated, reason}
  internal::generation generation{};
  std::vector<internal::event> history;     // of this generation; only when asked for
  std::vector<std::uint64_t> undone;        // numbers of its events that a rewind took back
  time_point due{};                         // it does not begin before; the epoch: it has begun
  std::vector<activity_status> activities;  // those that wait for a thread or their time, or run
  std::string finding;                      // stalled: what the history says and what the code does
};

// "Why is it waiting?": one thing it waits for, since when, and who owes it.
struct wait_reason {
  std::string what;
  time_point since{};
  std::string owed_by;
  // Of a step that was tried: the attempt under way or to come, and how the one before it failed.
  std::uint32_t attempt = 0;  // 0: it is not tried again
  std::optional<failure> last_failure{};
  time_point next_attempt{};  // it is not under way before; the epoch: it is
};
struct instance_waits {
  instance_state state = instance_state::pending;
  std::string finding;  // stalled
  std::vector<wait_reason> reasons;
};

struct actor_status {
  time_point updated{};
  payload state;
  // For `state_is`: a call that is carried out only if this is still its state.
  std::uint64_t tag() const noexcept { return state_tag(state); }
};

// Which instances: all of it must fit; what is left as it is fits all.
struct instance_filter {
  std::string prefix{};                  // of the id
  std::string orchestration{};           // any version of it
  std::vector<instance_state> states{};  // one of these; empty: any
  time_point created_from{};
  time_point created_to = time_point::max();  // this time too
  time_point updated_before = time_point::max();
};

// One page of a list, in the order of ids or keys. It may be short, even empty, while `next` is not:
// the cursor of the page that follows. Empty: that was the last.
struct instance_page {
  std::vector<instance_status> instances;  // without history
  std::string next;
};
struct listed_actor {
  std::string key;
  actor_status status;
};
struct actor_page {
  std::vector<listed_actor> actors;
  std::string next;
};

struct purge_report {
  std::uint64_t purged = 0;
  bool complete = true;  // false: the time was up, the node stopped, or some could not go now
};

enum class with_history : bool { no, yes };
enum class children : bool { left_alone, included };

class node {
 public:
  static result<std::unique_ptr<node>> open(node_options, application);
  ~node();  // shuts down as `close` does
  node(const node&) = delete;
  node& operator=(const node&) = delete;

  // Typed: what a C++ service uses. `ask` performs an operation, or runs an orchestration to its
  // end.
  template <class Out>
  handle<value<Out>> ask(const call<Out>&, ask_options = {});
  template <class Out>
  using when_told = std::type_identity_t<std::function<void(result<value<Out>>)>>;
  template <class Out>
  void ask(const call<Out>&, when_told<Out>, ask_options = {});
  template <class Out>
  handle<value<Out>> ask(const transient_call<Out>& c, ask_options o = {}) {
    return ask(call<Out>(c), std::move(o));
  }
  template <class Out>
  handle<value<Out>> ask(const activity_call<Out>&, ask_options = {}) {
    internal::refuse_activity<Out>();
    return {};
  }
  // Done when the operation's transition is durable; its answer is not wanted. cause::invalid: it is no
  // operation.
  handle<done_t> tell(const request&);
  // Gives the instance id: the call's own, or a new one.
  template <class Out>
  handle<std::string> start(const start_call<Out>&, ask_options = {});
  // The outcome of an instance, when it ends.
  template <class Out>
  handle<value<Out>> wait(const orchestration_ref<Out>&, std::string id);

  // Without types: what the gateway uses. `done` is called exactly once.
  using when_answered = std::function<void(result<payload>)>;
  void perform(request, ask_options, when_answered);                           // an operation
  void start(request, ask_options, std::function<void(result<std::string>)>);  // cause::exists
  void raise(std::string id, std::string event, payload, ask_options,
             std::function<void(result<>)>);
  void raise(const request& event, std::function<void(result<>)>);  // shop::verdict.to(id, ...)
  // Steering an instance; each answers when it is durable: not_found, gone when it has ended.
  using when_done = std::function<void(result<>)>;
  void terminate(std::string id, std::string reason, ask_options, when_done,
                 children = children::left_alone);
  // No code of it runs until it is resumed; what comes meanwhile is kept. Suspended already: done.
  void suspend(std::string id, std::string reason, ask_options, when_done);
  // Of a stalled one: its code is tried again. Neither suspended nor stalled: done.
  void resume(std::string id, std::string reason, ask_options, when_done);
  // A failed one goes on from where it failed: only what failed is done again, in failed children too.
  // cause::invalid: it has not failed, or what came after the failure cannot be taken back.
  // cause::nothing_undone: its code has failed by itself or gone on from the failure, and would end as it
  // did; or all that failed are children, and none of them would be rewound: with what was looked at.
  void rewind(std::string id, std::string reason, ask_options, when_done);
  // The same orchestration, version and input again under `new_id`, which may be its own; cause::exists:
  // an instance of that id has not ended. Gives the id. An idempotency key is one of the new id.
  void restart(std::string id, std::string new_id, ask_options,
               std::function<void(result<std::string>)>);
  // An ended one and its history go. cause::exists: it has not ended.
  void purge(std::string id, ask_options, when_done, children = children::left_alone);
  void status(std::string id, with_history, std::function<void(result<instance_status>)>);
  // When it has ended. What it gives back stops the waiting: nothing of it is kept then, and nobody is
  // told who has not been.
  std::function<void()> wait(std::string id, std::function<void(result<instance_status>)>);
  // Calls with the id of an instance each time that a change of it is durable, from its start to its
  // purge. On a thread of the node that others wait for: note it and return. What it gives back stops
  // that, and returns when no call is under way any more; not from within one, nor after the node.
  std::function<void()> watch(std::function<void(const std::string& id)>);
  // What an unfinished instance waits for; nothing when it has ended.
  void why(std::string id, std::function<void(result<instance_waits>)>);
  void actor(std::string type, std::string key, std::function<void(result<actor_status>)>);
  // The actor and all its entries go, in its turn among what waits for it.
  void erase(std::string type, std::string key, ask_options, when_done);
  // As last committed.
  void list(instance_filter, std::string cursor, std::size_t at_most,
            std::function<void(result<instance_page>)>);
  void list_actors(std::string type, std::string prefix, std::string cursor, std::size_t at_most,
                   std::function<void(result<actor_page>)>);
  // All that fit and have ended, each for itself, in slices, for as long as `limit`.
  void purge(instance_filter, duration limit, std::function<void(result<purge_report>)>);
  // By an operator: ends the hold of whatever critical section has this actor. Its owner is not told;
  // its further calls to the actor fail with cause::cancelled. cause::not_found: nobody holds it.
  void unlock(std::string type, std::string key, ask_options, when_done);
  // The critical section that has this actor now; nothing: none has.
  std::optional<held_actor> hold_of(const std::string& type, const std::string& key) const;
  // All that are held now, by type and key, behind `after`: at most so many.
  std::vector<held_actor> held_actors(const actor_ref& after, std::size_t at_most) const;

  // The attempts of an instance's activities that wait for a thread or their time, or run in this process.
  std::vector<activity_status> activities(const std::string& id) const;
  std::vector<pool_status> pools() const;

  // What was set aside after it crashed the process. `after`: empty, or the last page's `next`. Retrying
  // puts a message back into its mailbox, begins an activity once more, lets an address go on. Dropping
  // forgets it; an instance is terminated.
  void dead_letters(std::string after, std::function<void(result<dead_letter_page>)>);
  void retry_dead_letter(std::string id, std::function<void(result<>)>);
  void drop_dead_letter(std::string id, std::function<void(result<>)>);

  const application& bound() const noexcept;
  bool ready() const noexcept;             // recovered, and the disk takes writes
  bool failed() const noexcept;            // it must be opened again, see on_failed
  std::uint64_t commits() const noexcept;  // groups made durable, for benchmarks and metrics
  node_figures figures() const;

  // Stops taking work, lets running turns end, makes durable what they did, closes the store.
  // Activities that still run are abandoned: they run again after the next open. Once: what comes after
  // it does nothing, and calls are refused.
  void close();

 private:
  friend struct internal::node_access;  // simulation and tests build a node from their own parts
  explicit node(std::unique_ptr<runtime::engine>);
  void perform_to_end(request, ask_options, when_answered);

  std::unique_ptr<runtime::engine> engine_;
};

namespace internal {
template <class Out>
result<value<Out>> typed(result<payload> r) {
  if (!r) return r.error();
  return codec<Out>::decode(*r);
}
}  // namespace internal

template <class Out>
void node::ask(const call<Out>& c, when_told<Out> then, ask_options o) {
  perform_to_end(c.what(), std::move(o), [then = std::move(then)](result<payload> r) {
    then(internal::typed<Out>(std::move(r)));
  });
}

template <class Out>
handle<value<Out>> node::ask(const call<Out>& c, ask_options o) {
  handle<value<Out>> answer;
  perform_to_end(c.what(), std::move(o),
                 [answer](result<payload> r) { answer.set(internal::typed<Out>(std::move(r))); });
  return answer;
}

template <class Out>
handle<std::string> node::start(const start_call<Out>& c, ask_options o) {
  handle<std::string> answer;
  start(c.what(), std::move(o), [answer](result<std::string> id) { answer.set(std::move(id)); });
  return answer;
}

template <class Out>
handle<value<Out>> node::wait(const orchestration_ref<Out>&, std::string id) {
  handle<value<Out>> answer;
  wait(std::move(id), [answer](result<instance_status> s) {
    if (!s) return answer.set(s.error());
    answer.set(internal::typed<Out>(*s->outcome));
  });
  return answer;
}

}  // namespace reprise
