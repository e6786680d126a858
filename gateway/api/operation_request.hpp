// Makes the node's request for an operation on an actor.

#pragma once

#include <string>

#include "actors/application.hpp"
#include "actors/request.hpp"

namespace reprise::gateway {

request operation_on(const bound_actor&, std::string key, std::string operation, payload input);

}  // namespace reprise::gateway
