// /v1/pools, /v1/devices, /v1/limits, /v1/version: the node itself.

#pragma once

#include "gateway/api/request_context.hpp"

namespace reprise::gateway {

void show_pools(const shared_request&);
void show_devices(const shared_request&);
void show_limits(const shared_request&);
void show_version(const shared_request&);

}  // namespace reprise::gateway
