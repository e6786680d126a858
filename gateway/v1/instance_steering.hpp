// Steers one instance: POST /v1/instances/{id}/events/{event}, .../terminate, suspend, resume, rewind;
// DELETE /v1/instances/{id} purges it. The answer is 204 once the effect is durable.

#pragma once

#include "gateway/api/request_context.hpp"

namespace reprise::gateway {

void raise_event(const shared_request&);
void terminate_instance(const shared_request&);
void suspend_instance(const shared_request&);
void resume_instance(const shared_request&);
void rewind_instance(const shared_request&);
void purge_instance(const shared_request&);

}  // namespace reprise::gateway
