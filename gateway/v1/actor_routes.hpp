// POST /v1/actors/{type}/{key}/{operation}: calls an operation; JSON in and out by its types.
// GET /v1/actors/{type}/{key}: the actor's state as last committed.
// DELETE /v1/actors/{type}/{key}: removes the actor and its entries.
// GET /v1/actors/{type}: a page of the actors of a type.
//
// Writes can be conditional on the actor's state (If-Match, If-None-Match: *). A 412 carries the ETag of
// the current state. Failures are problem details; their code is the word of the cause.

#pragma once

#include "gateway/api/request_context.hpp"

namespace reprise::gateway {

void call_operation(const shared_request&);
void read_actor(const shared_request&);
void erase_actor(const shared_request&);
void list_actors_of(const shared_request&);

}  // namespace reprise::gateway
