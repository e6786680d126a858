// POST /v1/instances: starts what its body names. POST /v1/orchestrations/{name}: the body is the
// input alone. POST /v1/instances/{id}/restart: the same orchestration, version and input again.
//
// 201 with Location when the start is durable; with Prefer: wait=N 200 with the instance when it ends in
// that time.

#pragma once

#include "gateway/v1/native_route.hpp"

namespace reprise::gateway {

void start_instance(const shared_request&);
void start_orchestration(const shared_request&);
void restart_instance(const shared_request&);

}  // namespace reprise::gateway
