// GET /metrics: what gateway and node count, as Prometheus reads it (text format 0.0.4).
//
// Names and labels are part of the interface. Rows of requests appear with the first request of
// theirs.

#pragma once

#include <memory>

#include "gateway/observe/recorded_reply.hpp"
#include "gateway/observe/request_metrics.hpp"
#include "gateway/router/routes.hpp"
#include "gateway/server/connection_stats.hpp"

namespace reprise::gateway {

// `dead_letters`: how many there are, a hundred standing for more.
std::string metrics_text(const node&, const request_metrics&, const route_options&,
                         std::size_t dead_letters);

void serve_metrics(const std::shared_ptr<request_context>&,
                   const std::shared_ptr<request_metrics>&);

}  // namespace reprise::gateway
