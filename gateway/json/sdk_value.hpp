// Reads a body as the SDKs of Durable Functions send it: like read_json(), with one exception.
//
// Some SDKs (`durable-functions` on npm) send the two bytes `""` if there is no value. If the type is
// none or a struct, a string cannot be meant, and they count as an empty body.
//
// Failure: as read_json(). Threads: any.

#pragma once

#include <string_view>

#include "actors/failure.hpp"
#include "actors/payload.hpp"
#include "actors/payload_type.hpp"

namespace reprise::gateway {

result<payload> read_sdk_value(const payload_type&, std::string_view body);

}  // namespace reprise::gateway
