// An operation that a request asks for, as the node performs it.

#pragma once

#include <string>

#include "actors/application.hpp"
#include "actors/request.hpp"

namespace reprise::gateway {

request operation_on(const internal::actor_binding&, std::string key, std::string operation,
                     payload input);

}  // namespace reprise::gateway
