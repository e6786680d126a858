// /v1 about the node itself: its pools of threads, what it computes on, its limits, its version.

#pragma once

#include "gateway/v1/native_route.hpp"

namespace reprise::gateway {

void show_pools(const shared_request&);
void show_devices(const shared_request&);
void show_limits(const shared_request&);
void show_version(const shared_request&);

}  // namespace reprise::gateway
