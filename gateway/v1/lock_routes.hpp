// GET /v1/locks: a page of the actors held by critical sections, with the instances that hold them.
// GET /v1/actors/{type}/{key}/lock: the holder of one actor.
// DELETE /v1/actors/{type}/{key}/lock: for operators: releases the actor from its critical section, also
// if its type is no longer bound.

#pragma once

#include "gateway/api/request_context.hpp"

namespace reprise::gateway {

void list_locks(const shared_request&);
void show_lock(const shared_request&);
void unlock_actor(const shared_request&);

}  // namespace reprise::gateway
