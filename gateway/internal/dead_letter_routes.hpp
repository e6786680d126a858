// What was set aside after it crashed the process. GET /v1/dead-letters: a page of it.
// POST /v1/dead-letters/{id}/retry: tried again. DELETE /v1/dead-letters/{id}: forgotten.

#pragma once

#include <memory>

#include "gateway/internal/routes.hpp"

namespace reprise::gateway {

void serve_dead_letters(const std::shared_ptr<exchange>&);

}  // namespace reprise::gateway
