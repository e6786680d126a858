// GET /v1/events: what becomes of all instances that fit, as one stream of server-sent events.
//
// Each event is an instance as it is now, told soon after a change of it was durable; changes that
// come within a tenth of a second are told once. `event: gone` names one that was purged. The event's
// id goes back as Last-Event-ID: the stream goes on behind it, and when more happened meanwhile than
// is kept (or the server began anew), `event: reset` says so: list the instances again.
//
// A reader that is slow holds one piece of at most 256 instances in memory.

#pragma once

#include "gateway/v1/native_route.hpp"

namespace reprise::gateway {

void stream_all(const shared_request&);

}  // namespace reprise::gateway
