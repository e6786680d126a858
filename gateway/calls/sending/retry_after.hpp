// Reads Retry-After (RFC 9110, 10.2.3) of a 202 response. A pure function, because it is replayed.

#pragma once

#include "actors/time.hpp"
#include "gateway/calls/http.capnp.h"

namespace reprise::http::internal {

// Returns the delay until the next poll: the seconds of Retry-After, or its date minus the response's
// Date, so that clock differences do not matter (minus `now` without a Date). Clamped to
// limits::least_poll and longest_poll; limits::poll if the field is missing or unreadable.
duration poll_delay(Response::Reader, time_point now);

}  // namespace reprise::http::internal
