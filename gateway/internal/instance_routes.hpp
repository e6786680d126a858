// GET /v1/instances: a page of instances. GET /v1/instances/{id}: one. GET /v1/instances/{id}/why:
// what it waits for, since when, and who owes it. All as last committed.

#pragma once

#include <memory>

#include "gateway/internal/routes.hpp"

namespace reprise::gateway {

void serve_instances(const std::shared_ptr<exchange>&);

}  // namespace reprise::gateway
