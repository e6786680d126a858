// The orchestration instances of a node, as clients and operators see them.
//
//   auto seen = node->instances().status("order-1").get();
//
// A view: a pointer to the node, valid as long as the node. Each function sends one request and returns;
// the answer comes once, in a handle or to a callback (node.hpp says on which thread). What changes an
// instance is answered when the change is durable; not_found, or gone if the instance has ended.

#pragma once

#include <functional>
#include <string>
#include <utility>

#include "actors/contract.hpp"
#include "runtime/ask_options.hpp"
#include "runtime/handle.hpp"
#include "runtime/instance_types.hpp"
#include "runtime/page_request.hpp"
#include "runtime/watch_token.hpp"

namespace reprise {

namespace runtime {
class engine;
}

// How an instance is terminated. The reason is shown as the text of its failure.
struct terminate_options {
  std::string reason{};
  children which = children::left_alone;
};
// How an instance is purged.
struct purge_options {
  children which = children::left_alone;
};

// The instances of a node. Cheap to copy; valid as long as the node.
class instances_view {
 public:
  // Waits for the end of an instance and gives its outcome.
  template <class Out>
  handle<value<Out>> wait(const orchestration_ref<Out>&, std::string id) const;
  // Calls back when the instance has ended. The end of the token cancels the wait: the callback is then
  // not called, unless it already was.
  watch_token wait(std::string id, when<instance_status>) const;
  // Calls back with an instance's id each time a change of it is durable, from start to purge. Runs on
  // a thread that other answers wait for: record the id and return. The end of the token waits for calls
  // in progress.
  watch_token watch(std::function<void(const std::string& id)>) const;

  // Returns the instance as last committed; cause::not_found.
  handle<instance_status> status(std::string id, with_history how = with_history::no) const {
    return handle_of<instance_status>([&](auto told) { status(std::move(id), how, told); });
  }
  void status(std::string id, with_history, when<instance_status>) const;
  // Lists instances as last committed, ordered by id.
  handle<instance_page> list(instance_filter which, page_request page = {}) const {
    return handle_of<instance_page>(
        [&](auto told) { list(std::move(which), std::move(page), told); });
  }
  void list(instance_filter, page_request, when<instance_page>) const;
  // Reports what an unfinished instance waits for; no reasons once it has ended.
  handle<instance_waits> why(std::string id) const {
    return handle_of<instance_waits>([&](auto told) { why(std::move(id), told); });
  }
  void why(std::string id, when<instance_waits>) const;

  // Raises an event, shop::verdict.to(id, ...). cause::invalid: the request is no event.
  handle<done_t> raise(request event, ask_options o = {}) const {
    return handle_of_done([&](auto told) { raise(std::move(event), std::move(o), told); });
  }
  void raise(request event, ask_options, when<void>) const;
  // Ends an instance that has not ended: its code does not run again. cause::gone: it has ended.
  handle<done_t> terminate(std::string id, terminate_options how = {}, ask_options o = {}) const {
    return handle_of_done(
        [&](auto told) { terminate(std::move(id), std::move(how), std::move(o), told); });
  }
  void terminate(std::string id, terminate_options, ask_options, when<void>) const;
  // Runs no code of the instance until it is resumed; its inputs are kept meanwhile. Succeeds if it is
  // already suspended.
  handle<done_t> suspend(std::string id, std::string reason, ask_options o = {}) const {
    return handle_of_done(
        [&](auto told) { suspend(std::move(id), std::move(reason), std::move(o), told); });
  }
  void suspend(std::string id, std::string reason, ask_options, when<void>) const;
  // For a stalled instance: tries its code again. Succeeds if it is neither suspended nor stalled.
  handle<done_t> resume(std::string id, std::string reason, ask_options o = {}) const {
    return handle_of_done(
        [&](auto told) { resume(std::move(id), std::move(reason), std::move(o), told); });
  }
  void resume(std::string id, std::string reason, ask_options, when<void>) const;
  // Continues a failed instance from the failure: only what failed is done again, in failed children
  // too. cause::invalid: it has not failed, or what came after the failure cannot be taken back.
  // cause::nothing_undone: its code failed by itself, or continued after the failure, and would end the
  // same way; or everything that failed is a child, and no child would be rewound (the text says why).
  handle<done_t> rewind(std::string id, std::string reason, ask_options o = {}) const {
    return handle_of_done(
        [&](auto told) { rewind(std::move(id), std::move(reason), std::move(o), told); });
  }
  void rewind(std::string id, std::string reason, ask_options, when<void>) const;
  // Starts the same orchestration, version and input under `new_id`, which may be its own id or empty (a
  // new one), and gives the id. cause::exists: an instance of that id has not ended. The idempotency key
  // belongs to the new id.
  handle<std::string> restart(std::string id, std::string new_id, ask_options o = {}) const {
    return handle_of<std::string>(
        [&](auto told) { restart(std::move(id), std::move(new_id), std::move(o), told); });
  }
  void restart(std::string id, std::string new_id, ask_options, when<std::string>) const;
  // Deletes an ended instance with its history. cause::exists: it has not ended.
  handle<done_t> purge(std::string id, purge_options how = {}, ask_options o = {}) const {
    return handle_of_done([&](auto told) { purge(std::move(id), how, std::move(o), told); });
  }
  void purge(std::string id, purge_options, ask_options, when<void>) const;

 private:
  friend class node;
  explicit instances_view(runtime::engine& e) noexcept : engine_(&e) {}
  runtime::engine* engine_;
};

namespace internal {
template <class Out>
result<value<Out>> typed(result<payload> r) {
  if (!r) return r.error();
  return codec<Out>::decode(*r);
}
}  // namespace internal

template <class Out>
handle<value<Out>> instances_view::wait(const orchestration_ref<Out>&, std::string id) const {
  handle<value<Out>> answer;
  wait(std::move(id), [answer](result<instance_status> s) {
    if (!s) return answer.set(s.error());
    answer.set(internal::typed<Out>(*s->outcome));
  }).keep();
  return answer;
}

}  // namespace reprise
