// GET /v1/dead-letters: what was set aside after it crashed the process, in pages. POST
// /v1/dead-letters/{letter}/retry: it goes on. DELETE /v1/dead-letters/{letter}: it is forgotten.

#pragma once

#include "gateway/v1/native_route.hpp"

namespace reprise::gateway {

void list_dead_letters(const shared_request&);
void retry_dead_letter(const shared_request&);
void drop_dead_letter(const shared_request&);

}  // namespace reprise::gateway
