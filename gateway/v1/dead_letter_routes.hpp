// GET /v1/dead-letters: a page of dead letters, set aside because they crashed the process.
// POST /v1/dead-letters/{letter}/retry: runs one again.
// DELETE /v1/dead-letters/{letter}: drops one.

#pragma once

#include "gateway/api/request_context.hpp"

namespace reprise::gateway {

void list_dead_letters(const shared_request&);
void retry_dead_letter(const shared_request&);
void drop_dead_letter(const shared_request&);

}  // namespace reprise::gateway
