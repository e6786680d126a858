// A node: an application, a data folder and the threads that run it. No globals, no signal handlers, no
// threads before `open`; one process may hold several nodes, each with its own folder.
//
//   auto node = reprise::node::open({.data = "shop.db"}, std::move(app));
//   auto left = (*node)->ask(shop::reserve("tea", [](auto ask) { ask.setQuantity(1); })).get();
//
// The node itself performs calls. What is there can be looked at and steered by three views:
// `instances`, `actors`, and `operate` for operators.
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
#include <string>
#include <type_traits>
#include <utility>

#include "actors/reprise.hpp"
#include "runtime/actors.hpp"
#include "runtime/ask_options.hpp"
#include "runtime/handle.hpp"
#include "runtime/instances.hpp"
#include "runtime/node_state.hpp"
#include "runtime/operator_tools.hpp"
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
  // Opens the data folder, making it if it does not exist, recovers what is in it, and starts the threads.
  // Failure: unavailable (another process holds the folder, or it cannot be used), storage_full, corrupt (the
  // text names the file), invalid (a stored type that the program cannot read; the text names the field).
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

  // Untyped calls, as the gateway uses them. The callback is called exactly once.
  using when_answered = when<payload>;
  void perform(request, ask_options, when_answered);    // an operation
  void start(request, ask_options, when<std::string>);  // gives the id; cause::exists

  // Views: what can be done with instances, with actors, and by an operator.
  instances_view instances() noexcept { return instances_view(*engine_); }
  actors_view actors() noexcept { return actors_view(*engine_); }
  operator_view operate() noexcept { return operator_view(*engine_); }

  // What the application binds that this node runs.
  const bindings& bound() const noexcept;
  // Whether the node takes work, and if not, why.
  node_state state() const;

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
  return handle_of<std::string>([&](auto told) { start(c.what(), std::move(o), told); });
}

}  // namespace reprise
