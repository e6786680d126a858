// GET /v1/locks: a page of the actors that critical sections hold, and whose sections they are.
// GET /v1/actors/{type}/{key}/lock: that of one.
// DELETE of it: by an operator, ends the hold of whatever critical section has it; also of a type that is
// not bound any more.

#pragma once

#include "gateway/v1/native_route.hpp"

namespace reprise::gateway {

void list_locks(const shared_request&);
void show_lock(const shared_request&);
void unlock_actor(const shared_request&);

}  // namespace reprise::gateway
