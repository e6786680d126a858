// GET /v1/instances: a page of instances. DELETE /v1/instances: those that fit and have ended go. GET
// /v1/instances/{id}: one, on wish when it has ended. GET /v1/instances/{id}/why: what it waits for,
// since when, and who owes it. All as last committed.

#pragma once

#include "gateway/v1/native_route.hpp"

namespace reprise::gateway {

// The parameters of a list; whoever gave them asks whether one was refused.
instance_filter filter_of(parameters&);

void list_instances_of(const shared_request&);
void purge_instances_of(const shared_request&);
void show_instance(const shared_request&);
void explain_instance(const shared_request&);

}  // namespace reprise::gateway
