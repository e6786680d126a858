// GET /v1/instances/{id}/history: the events of the instance's generation, in pages.
//
// A cursor belongs to its generation: if the instance has since restarted or continued as new, the
// events behind the cursor no longer exist, and the answer is 410.

#pragma once

#include "gateway/api/request_context.hpp"

namespace reprise::gateway {

void show_history(const shared_request&);

}  // namespace reprise::gateway
