// POST /v1/actors/{type}/{key}/{operation}: an operation, JSON in and out by its types.
// GET /v1/actors/{type}/{key}: the actor's state as last committed.
// DELETE /v1/actors/{type}/{key}: it and its entries go.
// GET /v1/actors/{type}: a page of actors of a type.
// What changes an actor can be made to depend on its state (If-Match, If-None-Match: *); when it is refused
// for that, the answer has the ETag of the state that is there now.
// Failures are problem details; the cause's word is their code.

#pragma once

#include "gateway/v1/native_route.hpp"

namespace reprise::gateway {

void call_operation(const shared_request&);
void read_actor(const shared_request&);
void erase_actor(const shared_request&);
void list_actors_of(const shared_request&);

}  // namespace reprise::gateway
