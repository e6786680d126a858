// What the operators of a node need: bulk purges, dead letters, locks that nobody releases, figures. A
// view, as that of instances.hpp.

#pragma once

#include <string>
#include <utility>
#include <vector>

#include "actors/request.hpp"
#include "actors/time.hpp"
#include "runtime/activity_status.hpp"
#include "runtime/ask_options.hpp"
#include "runtime/dead_letter.hpp"
#include "runtime/handle.hpp"
#include "runtime/instance_types.hpp"
#include "runtime/node_figures.hpp"

namespace reprise {

namespace runtime {
class engine;
}

// What operators of a node need. Cheap to copy; valid as long as the node.
class operator_view {
 public:
  // Purges every ended instance that matches, each in its own transition, until `limit` has passed.
  handle<purge_report> purge(instance_filter which, duration limit) const {
    return handle_of<purge_report>([&](auto told) { purge(std::move(which), limit, told); });
  }
  void purge(instance_filter, duration limit, when<purge_report>) const;
  // Ends the critical section that holds this actor. The holder is not notified; its further calls to
  // the actor fail with cause::cancelled. cause::not_found: the actor is not held.
  handle<done_t> unlock(actor_ref which, ask_options o = {}) const {
    return handle_of_done([&](auto told) { unlock(std::move(which), std::move(o), told); });
  }
  void unlock(actor_ref, ask_options, when<void>) const;

  // What was set aside after it crashed the process. `after`: empty, or the last page's `next`. Retry
  // puts a message back into its mailbox, restarts an activity, or lets an address run again. Drop
  // deletes it; a dropped instance is terminated.
  handle<dead_letter_page> dead_letters(std::string after = {}) const {
    return handle_of<dead_letter_page>([&](auto told) { dead_letters(std::move(after), told); });
  }
  void dead_letters(std::string after, when<dead_letter_page>) const;
  handle<done_t> retry(std::string letter) const {
    return handle_of_done([&](auto told) { retry(std::move(letter), told); });
  }
  void retry(std::string letter, when<void>) const;
  handle<done_t> drop(std::string letter) const {
    return handle_of_done([&](auto told) { drop(std::move(letter), told); });
  }
  void drop(std::string letter, when<void>) const;

  // Returns an instance's activity attempts that run in this process, or wait for a thread or a due
  // time.
  std::vector<activity_status> activities(const std::string& id) const;
  std::vector<pool_status> pools() const;
  // Returns counters for metrics.
  node_figures figures() const;

 private:
  friend class node;
  explicit operator_view(runtime::engine& e) noexcept : engine_(&e) {}
  runtime::engine* engine_;
};

}  // namespace reprise
