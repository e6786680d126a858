// The history of an instance in Durable Functions' form: scheduled and completed folded into one
// item, engine bookkeeping left out, operations on actors shown as tasks named type/key/operation.

#pragma once

#include <string>
#include <vector>

#include "actors/application.hpp"
#include "gateway/durable_functions/instance_view.hpp"

namespace reprise::gateway {

void append_history(std::string& out, const application&, const std::vector<internal::event>&,
                    const status_view&);

}  // namespace reprise::gateway
