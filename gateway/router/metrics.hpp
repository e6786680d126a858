// GET /metrics: what gateway and node count, as Prometheus reads it (text format 0.0.4).
//
// Names and labels are part of the interface. Rows of requests appear with the first request of
// theirs.

#pragma once

#include <memory>

#include "gateway/observe/request_figures.hpp"
#include "gateway/observe/watched_reply.hpp"
#include "gateway/router/routes.hpp"
#include "gateway/server/traffic.hpp"

namespace reprise::gateway {

// `dead_letters`: how many there are, a hundred standing for more.
std::string metrics_text(const node&, const request_figures&, const route_options&,
                         std::size_t dead_letters);

void serve_metrics(const std::shared_ptr<exchange>&, const std::shared_ptr<request_figures>&);

}  // namespace reprise::gateway
