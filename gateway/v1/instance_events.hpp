// GET /v1/instances/{id}/events: what becomes of one instance, as server-sent events.
//
// Each event is the instance as it is now, told when its state, its custom status, or what its
// activities say of themselves is no longer what was told last. It is looked at several times a second, so
// what changes twice between two looks is told once. The event's id names what was told: a client that comes
// back with Last-Event-ID hears only of what is new. The stream ends with the instance; 204 when there
// is nothing more to come, which keeps a browser from asking again.
//
// A reader that is slow holds one event in memory, and one that is gone is noticed at the next comment.

#pragma once

#include "gateway/v1/native_route.hpp"

namespace reprise::gateway {

void stream_instance(const shared_request&);

}  // namespace reprise::gateway
