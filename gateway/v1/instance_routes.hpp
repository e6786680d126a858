// GET /v1/instances: a page of instances.
// DELETE /v1/instances: purges the ended instances that match a filter.
// GET /v1/instances/{id}: one instance; with Prefer: wait=N once it has ended.
// GET /v1/instances/{id}/why: what it waits for, since when, and who owes it.
//
// All answers show the last committed state.

#pragma once

#include "gateway/api/query_parameters.hpp"
#include "gateway/api/request_context.hpp"

namespace reprise::gateway {

// Reads the filter parameters of a list. The caller checks refused().
instance_filter filter_of(parameters&);

void list_instances_of(const shared_request&);
void purge_instances_of(const shared_request&);
void show_instance(const shared_request&);
void explain_instance(const shared_request&);

}  // namespace reprise::gateway
