// GET /v1/events: the changes of all instances that match a filter, as server-sent events.
//
// Each event is the current status of an instance, sent soon after a change of it is durable. Changes
// within 100 ms are merged. `event: gone` names a purged instance. A client reconnects with
// Last-Event-ID, and the stream continues behind it. If the hub no longer has all changes since then,
// or the server restarted, `event: reset` tells the client to list the instances again.
//
// A slow client holds one piece of at most 256 instances in memory.

#pragma once

#include "gateway/api/request_context.hpp"

namespace reprise::gateway {

void stream_all(const shared_request&);

}  // namespace reprise::gateway
