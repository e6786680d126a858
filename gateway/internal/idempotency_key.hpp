// The Idempotency-Key of a request: an effect happens once per key (DESIGN.md section 9).

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "actors/failure.hpp"
#include "gateway/internal/exchange.hpp"
#include "runtime/node.hpp"

namespace reprise::gateway {

// What the request says of it: nothing without the field; cause::invalid when the key is empty,
// longer than max_idempotency_key or not printable ASCII. A key in double quotes is the key between
// them.
result<ask_options> once_of(const incoming&);

// Instance ids: 32 hexadecimal digits. By chance, or from who asks, what for and with which key, so
// that a start that is sent twice names the same instance.
std::string random_id();
std::string id_from(const idempotency&, std::string_view orchestration);

}  // namespace reprise::gateway
