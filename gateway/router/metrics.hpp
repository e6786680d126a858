// GET /metrics: the counters of the gateway and the node in the text format 0.0.4 of Prometheus.
//
// Names and labels are part of the interface. A route's row appears with its first request.

#pragma once

#include <memory>

#include "gateway/observe/recorded_reply.hpp"
#include "gateway/observe/request_metrics.hpp"
#include "gateway/router/routes.hpp"
#include "gateway/server/connection_stats.hpp"

namespace reprise::gateway {

// Formats the page. `dead_letters`: their number; 100 means 100 or more.
std::string metrics_text(node&, const request_metrics&, const route_options&,
                         std::size_t dead_letters);

// Answers the request; the node counts its dead letters first.
void serve_metrics(const std::shared_ptr<request_context>&,
                   const std::shared_ptr<request_metrics>&);

}  // namespace reprise::gateway
