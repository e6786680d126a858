// The actors of a node, as clients and operators see them. A view, as that of instances.hpp.
//
//   auto tea = node->actors().state({"stock", "tea"}).get();

#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "actors/request.hpp"
#include "runtime/actor_types.hpp"
#include "runtime/ask_options.hpp"
#include "runtime/handle.hpp"
#include "runtime/held_actor.hpp"
#include "runtime/page_request.hpp"

namespace reprise {

namespace runtime {
class engine;
}

// Selects the actors of a type whose key begins with `prefix`.
struct actor_filter {
  std::string type;
  std::string prefix{};  // of the key
};

// The actors of a node. Cheap to copy; valid as long as the node.
class actors_view {
 public:
  // As last committed.
  handle<actor_status> state(actor_ref which) const {
    return handle_of<actor_status>([&](auto told) { state(std::move(which), told); });
  }
  void state(actor_ref, when<actor_status>) const;
  // Lists actors as last committed, ordered by key.
  handle<actor_page> list(actor_filter which, page_request page = {}) const {
    return handle_of<actor_page>([&](auto told) { list(std::move(which), std::move(page), told); });
  }
  void list(actor_filter, page_request, when<actor_page>) const;
  // Deletes the actor and all its entries, in the order of its mailbox.
  handle<done_t> erase(actor_ref which, ask_options o = {}) const {
    return handle_of_done([&](auto told) { erase(std::move(which), std::move(o), told); });
  }
  void erase(actor_ref, ask_options, when<void>) const;

  // Returns the critical section that holds this actor now; nullopt: none.
  std::optional<held_actor> hold_of(const actor_ref&) const;
  // Returns held actors, ordered by type and key, after `after`.
  std::vector<held_actor> held(const actor_ref& after, std::size_t at_most) const;

 private:
  friend class node;
  explicit actors_view(runtime::engine& e) noexcept : engine_(&e) {}
  runtime::engine* engine_;
};

}  // namespace reprise
