// A node: an application, a data folder and the threads that run it. No globals, no signal handlers, no
// threads before `open`; one process may hold several nodes, each with its own folder.
//
//   auto node = reprise::node::open({.data = "shop.db"}, std::move(app));
//   auto left = (*node)->ask(shop::reserve("tea", [](auto ask) { ask.setQuantity(1); })).get();
//
// Threads: every function may be called from any thread. Callbacks run on a thread of the node, or on
// the caller's before the call returns. They must not block. A callback that throws on a thread of the
// node ends the process (std::terminate). A call is answered when its effect is durable.
//
// Failure: `overloaded` and `storage_full` mean that nothing was done; `unavailable` means not applied;
// `unknown_outcome` means: ask again after the next open.

#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "actors/reprise.hpp"
#include "runtime/activity_status.hpp"
#include "runtime/actor_types.hpp"
#include "runtime/ask_options.hpp"
#include "runtime/dead_letter.hpp"
#include "runtime/handle.hpp"
#include "runtime/held_actor.hpp"
#include "runtime/instance_types.hpp"
#include "runtime/node_figures.hpp"
#include "runtime/options.hpp"

namespace reprise {

namespace runtime {
class engine;
}
namespace internal {
struct node_access;
}

class node {
 public:
  static result<std::unique_ptr<node>> open(node_options, application);
  ~node();  // calls `close`
  node(const node&) = delete;
  node& operator=(const node&) = delete;

  // Typed calls, for C++ services. `ask` performs an operation, or runs an orchestration to its end.
  template <class Call>
  handle<value<typename Call::answer>> ask(const Call&, ask_options = {});
  template <class Out>
  using when_told = std::type_identity_t<std::function<void(result<value<Out>>)>>;
  template <class Call>
  void ask(const Call&, when_told<typename Call::answer>, ask_options = {});
  // Performs an operation without its answer; done when its transition is durable. cause::invalid: not
  // an operation.
  template <class Call>
  requires requires { typename Call::answer; }
  handle<done_t> tell(const Call& c, ask_options o = {}) {
    internal::require_told<Call>();
    return tell(c.what(), std::move(o));
  }
  handle<done_t> tell(const request&, ask_options = {});
  // Starts an instance and returns its id: the call's own, or a new one.
  template <class Out>
  handle<std::string> start(const start_call<Out>&, ask_options = {});
  // Waits for the end of an instance and returns its outcome.
  template <class Out>
  handle<value<Out>> wait(const orchestration_ref<Out>&, std::string id);

  // Untyped calls, as the gateway uses them. The callback is called exactly once.
  using when_answered = std::function<void(result<payload>)>;
  void perform(request, ask_options, when_answered);                           // an operation
  void start(request, ask_options, std::function<void(result<std::string>)>);  // cause::exists
  void raise(std::string id, std::string event, payload, ask_options,
             std::function<void(result<>)>);
  void raise(const request& event, std::function<void(result<>)>);  // shop::verdict.to(id, ...)
  // Control of an instance. Each is answered when it is durable; not_found, or gone if the instance has
  // ended.
  using when_done = std::function<void(result<>)>;
  void terminate(std::string id, std::string reason, ask_options, when_done,
                 children = children::left_alone);
  // Runs no code of the instance until it is resumed; its inputs are kept meanwhile. Succeeds if it is
  // already suspended.
  void suspend(std::string id, std::string reason, ask_options, when_done);
  // For a stalled instance: tries its code again. Succeeds if it is neither suspended nor stalled.
  void resume(std::string id, std::string reason, ask_options, when_done);
  // Continues a failed instance from the failure: only what failed is done again, in failed children
  // too. cause::invalid: it has not failed, or what came after the failure cannot be taken back.
  // cause::nothing_undone: its code failed by itself, or continued after the failure, and would end the
  // same way; or everything that failed is a child, and no child would be rewound (the text says why).
  void rewind(std::string id, std::string reason, ask_options, when_done);
  // Starts the same orchestration, version and input under `new_id`, which may be its own id, and
  // returns the id. cause::exists: an instance of that id has not ended. The idempotency key belongs to
  // the new id.
  void restart(std::string id, std::string new_id, ask_options,
               std::function<void(result<std::string>)>);
  // Deletes an ended instance with its history. cause::exists: it has not ended.
  void purge(std::string id, ask_options, when_done, children = children::left_alone);
  void status(std::string id, with_history, std::function<void(result<instance_status>)>);
  // Calls back when the instance has ended. Returns a function that cancels the wait and frees it; the
  // callback is then not called, unless it already was.
  std::function<void()> wait(std::string id, std::function<void(result<instance_status>)>);
  // Calls back with an instance's id each time a change of it is durable, from start to purge. Runs on
  // a thread that other answers wait for: record the id and return. Returns a function that
  // unsubscribes and waits for calls in progress; do not call it from the callback or after the node is
  // gone.
  std::function<void()> watch(std::function<void(const std::string& id)>);
  // Reports what an unfinished instance waits for; no reasons once it has ended.
  void why(std::string id, std::function<void(result<instance_waits>)>);
  void actor(std::string type, std::string key, std::function<void(result<actor_status>)>);
  // Deletes the actor and all its entries, in the order of its mailbox.
  void erase(std::string type, std::string key, ask_options, when_done);
  // Lists as last committed.
  void list(instance_filter, std::string cursor, std::size_t at_most,
            std::function<void(result<instance_page>)>);
  void list_actors(std::string type, std::string prefix, std::string cursor, std::size_t at_most,
                   std::function<void(result<actor_page>)>);
  // Purges every ended instance that matches, each in its own transition, until `limit` has passed.
  void purge(instance_filter, duration limit, std::function<void(result<purge_report>)>);
  // For operators: ends the critical section that holds this actor. The holder is not notified; its
  // further calls to the actor fail with cause::cancelled. cause::not_found: the actor is not held.
  void unlock(std::string type, std::string key, ask_options, when_done);
  // Returns the critical section that holds this actor now; nullopt: none.
  std::optional<held_actor> hold_of(const std::string& type, const std::string& key) const;
  // Returns held actors, ordered by type and key, after `after`.
  std::vector<held_actor> held_actors(const actor_ref& after, std::size_t at_most) const;

  // Returns an instance's activity attempts that run in this process, or wait for a thread or a due
  // time.
  std::vector<activity_status> activities(const std::string& id) const;
  std::vector<pool_status> pools() const;

  // What was set aside after it crashed the process. `after`: empty, or the last page's `next`. Retry
  // puts a message back into its mailbox, restarts an activity, or lets an address run again. Drop
  // deletes it; a dropped instance is terminated.
  void dead_letters(std::string after, std::function<void(result<dead_letter_page>)>);
  void retry_dead_letter(std::string id, std::function<void(result<>)>);
  void drop_dead_letter(std::string id, std::function<void(result<>)>);

  const application& bound() const noexcept;
  bool ready() const noexcept;             // recovered, and the disk accepts writes
  bool failed() const noexcept;            // must be opened again, see on_failed
  std::uint64_t commits() const noexcept;  // groups made durable, for benchmarks and metrics
  node_figures figures() const;

  // Stops accepting work, lets running turns end, makes their effects durable, closes the store.
  // Running activities are abandoned and run again after the next open. Idempotent; later calls are
  // refused.
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

template <class Call>
void node::ask(const Call& c, when_told<typename Call::answer> then, ask_options o) {
  internal::require_outside<Call>();
  perform_to_end(c.what(), std::move(o), [then = std::move(then)](result<payload> r) {
    then(internal::typed<typename Call::answer>(std::move(r)));
  });
}

template <class Call>
handle<value<typename Call::answer>> node::ask(const Call& c, ask_options o) {
  internal::require_outside<Call>();
  handle<value<typename Call::answer>> answer;
  perform_to_end(c.what(), std::move(o), [answer](result<payload> r) {
    answer.set(internal::typed<typename Call::answer>(std::move(r)));
  });
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
