// How long an answer 202 asks to wait: Retry-After of RFC 9110 (10.2.3). Pure: it is replayed.

#pragma once

#include "actors/time.hpp"
#include "gateway/calls/http.capnp.h"

namespace reprise::http::internal {

// Seconds, or a date: counted from the answer's own Date, so that it does not matter how wrong whose
// clock is; from `now` when it has none. Within limits::least_poll and longest_poll; limits::poll when
// it says nothing that can be read.
duration poll_delay(Response::Reader, time_point now);

}  // namespace reprise::http::internal
