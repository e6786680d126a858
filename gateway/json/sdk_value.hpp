// A body as the SDKs of Durable Functions send it: JSON as `read_json` takes it, and one habit more.
//
// Some of them (`durable-functions` on npm) send the two bytes `""` when there is no value. Where a
// string cannot be meant, because the type is none or a struct, they stand for no body at all.
//
// Failure: as that of `read_json`. Threads: any.

#pragma once

#include <string_view>

#include "actors/failure.hpp"
#include "actors/payload.hpp"
#include "actors/payload_type.hpp"

namespace reprise::gateway {

result<payload> read_sdk_value(const payload_type&, std::string_view body);

}  // namespace reprise::gateway
