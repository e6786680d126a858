// The Idempotency-Key of a request: an effect happens once per key (docs/architecture.md, rule 13).

#pragma once

#include <optional>
#include "actors/failure.hpp"
#include "gateway/wire/http_message.hpp"
#include "runtime/node.hpp"

namespace reprise::gateway {

// What the request says of it: nothing without the field; cause::invalid when the key is empty,
// longer than max_idempotency_key or not printable ASCII. A key in double quotes is the key between
// them.
result<ask_options> once_of(const http_request&);

}  // namespace reprise::gateway
