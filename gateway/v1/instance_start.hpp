// POST /v1/instances: starts the orchestration that the body names.
// POST /v1/orchestrations/{name}: starts one; the body is its input.
// POST /v1/instances/{id}/restart: starts the same orchestration, version and input again.
//
// The answer is 201 with Location once the start is durable. With Prefer: wait=N it is 200 with the
// instance if it ends in that time.

#pragma once

#include "gateway/api/request_context.hpp"

namespace reprise::gateway {

void start_instance(const shared_request&);
void start_orchestration(const shared_request&);
void restart_instance(const shared_request&);

}  // namespace reprise::gateway
