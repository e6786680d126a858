// Classifies a request: the name of its route, the scope that it needs, and the actor or instance in
// its path. Used for authorization, metrics and logs.
//
// A route that is not listed needs `read` for GET, else `manage`, not limited to a type: a new route is
// closed until it is listed.
//
// Threads: any.

#pragma once

#include <string>
#include <string_view>

#include "gateway/wire/http_message.hpp"
#include "gateway/wire/scope.hpp"
#include "gateway/wire/surface.hpp"
#include "gateway/wire/target.hpp"

namespace reprise::gateway {

// All names of routes.
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
  explicit route_kind(const surface& s) : on(&s) {}

  const surface* on;                // whose words refusals have
  std::string_view name = "other";  // one of route_names
  scope needs = scope::manage;
  std::string type;          // in the path: an actor type, or an orchestration without its version
  std::string operation;     // of an actor
  std::string id;            // of an instance, or the key of an actor
  bool is_instance = false;  // `id` is that of an instance; only the node knows its type
};

route_kind kind_of(const http_request&, const target&);

}  // namespace reprise::gateway
