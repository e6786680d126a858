// POST /v1/actors/{type}/{key}/{operation}: an operation, JSON in and out by its types.
// GET /v1/actors/{type}/{key}: the actor's state as last committed.
// Failures are problem details; the cause's word is their code.

#pragma once

#include <memory>

#include "gateway/internal/routes.hpp"

namespace reprise::gateway {

void serve_actors(std::shared_ptr<exchange>);

}  // namespace reprise::gateway
