// GET /v1/instances/{id}/events: the changes of one instance, as server-sent events.
//
// Each event is the current status of the instance, sent when its state, its custom status or the
// progress of its activities differs from the last event. Changes within 100 ms are merged. Progress is
// not a change of the instance, so it is polled, every 100 ms to 1 s, while activities run. The event's
// id identifies the status: a client that reconnects with Last-Event-ID gets an event only if the
// status has changed. The stream ends with the instance; after that the answer is 204, which stops a
// browser from reconnecting.
//
// A slow client holds one event in memory. A disconnected one is noticed at the next comment line.

#pragma once

#include "gateway/api/request_context.hpp"

namespace reprise::gateway {

void stream_instance(const shared_request&);

}  // namespace reprise::gateway
