// The Idempotency-Key of a request: its effect happens once per key.

#pragma once

#include <optional>
#include "actors/failure.hpp"
#include "gateway/wire/http_message.hpp"
#include "runtime/node.hpp"

namespace reprise::gateway {

// Returns ask_options with the idempotency key, if the request has one, and with its trace. The key is
// bound to the principal and to a hash of the body and the conditions. Double quotes around the key are
// removed. cause::invalid if it is empty, longer than max_idempotency_key or not printable ASCII.
result<ask_options> once_of(const http_request&);

}  // namespace reprise::gateway
