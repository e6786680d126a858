// GET /v1/instances/{id}/history: the events of the instance's generation, in pages.
//
// A cursor belongs to its generation: when the instance has begun anew meanwhile (restart,
// continue-as-new) the events behind it are gone, and so says the answer.

#pragma once

#include "gateway/v1/native_route.hpp"

namespace reprise::gateway {

void show_history(const shared_request&);

}  // namespace reprise::gateway
