// The management API of Durable Functions under /runtime/webhooks/durabletask, with its exact
// bodies, so that existing clients and tools work: start (also waiting, with `timeout=`), status,
// events, steering, lists and purges (instance_list.hpp), entities (entity_routes.hpp). What is no
// route is 404 without a body. Where and why it differs: docs/http-api.md.
//
// Nothing is checked beforehand: the instance's host answers after its transition. Only to tell a
// bad event body from an instance that is not there, the instance is looked up when the body is
// bad.

#pragma once

#include <memory>

#include "gateway/api/request_context.hpp"

namespace reprise::gateway {

void serve_durable_functions(std::shared_ptr<request_context>);
// By which methods this path is served, "GET, DELETE"; "" when nothing is served there.
std::string_view durable_functions_methods(const target&);
// instances/ with an empty id is the list here: its clients write it so.
void drop_empty_id(target&);

}  // namespace reprise::gateway
