// GET /metrics: the counters of the gateway and the node in the text format 0.0.4 of Prometheus.
//
// Names and labels are part of the interface. A route's row appears with its first request.

#pragma once

#include "gateway/api/request_context.hpp"

namespace reprise::gateway {

void show_metrics(const shared_request&);

}  // namespace reprise::gateway
