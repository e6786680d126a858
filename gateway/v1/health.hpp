// GET /livez and /readyz: whether the process runs, and whether the node takes work.

#pragma once

#include "gateway/api/request_context.hpp"

namespace reprise::gateway {

void show_liveness(const shared_request&);
void show_readiness(const shared_request&);

}  // namespace reprise::gateway
