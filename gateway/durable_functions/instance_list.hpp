// Many instances at once, as Durable Functions lists and purges them.
//
// GET .../instances: one page of status objects without history; x-ms-continuation-token in the
// request says where to go on, in the answer whether there is more. What a filter says that nobody
// understands is as if it were not said, as in the product.
//
// DELETE .../instances: all that fit and have ended. What is destroyed cannot be listed again, so
// here a filter that nobody understands is refused.

#pragma once

#include <memory>

#include "gateway/api/request_context.hpp"

namespace reprise::gateway {

void list_instances(const std::shared_ptr<request_context>&);
void purge_instances(const std::shared_ptr<request_context>&);

}  // namespace reprise::gateway
