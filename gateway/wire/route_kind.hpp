// Which route a request takes, seen from outside: its word, the scope that it needs and what it is
// about. Access, figures and logs read this; what the route does is its own business.
//
// Whatever is not listed needs `read` when it is a GET, else `manage`, both without a limit: a new
// route is closed until somebody says what it needs.
//
// Threads: any.

#pragma once

#include <string>
#include <string_view>

#include "gateway/wire/http_message.hpp"
#include "gateway/wire/scope.hpp"
#include "gateway/wire/target.hpp"

namespace reprise::gateway {

// What a route may be called.
inline constexpr std::string_view route_names[] = {"actor.call",
                                                   "actor.delete",
                                                   "actor.get",
                                                   "actor.list",
                                                   "actor.unlock",
                                                   "dead_letter.drop",
                                                   "dead_letter.list",
                                                   "dead_letter.retry",
                                                   "instance.get",
                                                   "instance.list",
                                                   "instance.other",
                                                   "instance.purge",
                                                   "instance.raise",
                                                   "instance.restart",
                                                   "instance.resume",
                                                   "instance.rewind",
                                                   "instance.start",
                                                   "instance.suspend",
                                                   "instance.terminate",
                                                   "instance.why",
                                                   "lock.list",
                                                   "metrics",
                                                   "node",
                                                   "other"};

struct route_kind {
  std::string_view name = "other";  // one of route_names
  scope needs = scope::manage;
  std::string type;  // that the path names: of an actor, or of an orchestration without version
  std::string operation;     // of an actor
  std::string id;            // of an instance, or the key of an actor
  bool is_instance = false;  // `id` is an instance: what its type is only the node knows
  bool is_durable_functions = false;
};

route_kind kind_of(const http_request&, const target&);

// /runtime/webhooks/durabletask/...
bool is_durable_functions(const target&) noexcept;

}  // namespace reprise::gateway
