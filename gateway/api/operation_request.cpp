#include "gateway/api/operation_request.hpp"

#include <utility>

namespace reprise::gateway {

request operation_on(const bound_actor& actor, std::string key, std::string operation,
                     payload input) {
  request what;
  what.kind = request_kind::operation;
  what.name = actor.type;
  what.operation = std::move(operation);
  what.key = std::move(key);
  what.input = std::move(input);
  return what;
}

}  // namespace reprise::gateway
