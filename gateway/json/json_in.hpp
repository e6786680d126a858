// JSON text to the bytes of a payload, by the payload's type. The only way in for strangers'
// values.
//
// Strict: unknown fields, duplicate keys, invalid UTF-8, lone surrogates, numbers that do not fit
// and nesting beyond 64 are refused, so what is stored is what the sender meant. A `reprise::json`
// payload is validated to its last byte and kept as it came. Integers of 64 bits may come as
// numbers or as strings of digits; Data comes as base64, an enum as its name, a union as its one
// member. `null` stands for a pointer field that is not given. An empty body is `{}` for a struct,
// `null` for json and for none (which also takes `{}`); no other type takes one.
//
// Failure: cause::invalid, with a text like `at /lines/0/quantity: wanted an integer from 0 to
// 4294967295, came a string`; cause::limit when the value would be larger than max_payload.
// Threads: any.

#pragma once

#include <string>
#include <string_view>

#include "actors/failure.hpp"
#include "actors/payload.hpp"
#include "actors/payload_type.hpp"

namespace reprise::gateway {

result<payload> read_json(const payload_type&, std::string_view text);

// `pointer` says where `text` stands in what was sent (RFC 6901; "" is the whole). Refused, it is where
// the bad value stands, which the failure's text names too.
result<payload> read_json(const payload_type&, std::string_view text, std::string& pointer);

// One whole JSON value as `read_json` accepts it: no duplicate keys, depth within the limit.
result<> check_json(std::string_view text);

// One member of an object, for the command line, which reads our own answers; "" when it is not
// there. A string comes without quotes and escapes from `json_member`, as JSON from `json_text`;
// any other value as compact JSON from both.
std::string json_member(std::string_view object, std::string_view name);
std::string json_text(std::string_view object, std::string_view name);

}  // namespace reprise::gateway
