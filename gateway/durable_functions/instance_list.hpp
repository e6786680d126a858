// Lists and purges instances as Durable Functions does.
//
// GET .../instances: one page of status objects without history, continued by x-ms-continuation-token
// (continuation.hpp). An invalid filter is ignored, as Durable Functions does.
//
// DELETE .../instances: purges the ended instances that match. A purge cannot be undone, so an invalid
// filter is refused.

#pragma once

#include <memory>

#include "gateway/api/request_context.hpp"

namespace reprise::gateway {

void list_instances(const std::shared_ptr<request_context>&);
void purge_instances(const std::shared_ptr<request_context>&);

}  // namespace reprise::gateway
