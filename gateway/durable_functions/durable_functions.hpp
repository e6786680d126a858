// The management API of Durable Functions under /runtime/webhooks/durabletask, with the same bodies, so
// that existing clients and tools work: start (with `timeout=` also waiting), status, events, steering,
// lists and purges (instance_list.hpp), entities (entity_routes.hpp). An unknown route is 404 without a
// body. docs/http-api.md lists the differences and their reasons.
//
// Handlers do not check an instance before they act on it: its host answers after the transition. The
// exception is an event with a bad body, which looks up the instance because 404 and 410 come first.

#pragma once

#include <memory>

#include "gateway/api/request_context.hpp"

namespace reprise::gateway {

void serve_durable_functions(std::shared_ptr<request_context>);
// Returns the methods of a path, "GET, DELETE"; "" if no route has this path.
std::string_view durable_functions_methods(const target&);
// Removes an empty last segment, because clients write instances/ for the list. Keeps it where it is the
// id of a start or the key of an entity, which must not be empty.
void drop_empty_id(target&);

}  // namespace reprise::gateway
