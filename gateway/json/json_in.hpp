// Converts JSON text to the bytes of a payload, by the payload's type. All untrusted values enter here.
//
// Strict: unknown fields, duplicate keys, invalid UTF-8, lone surrogates, numbers out of range and
// nesting beyond 64 levels are refused, so what is stored is what the sender meant. A `reprise::json`
// payload is fully validated and stored byte for byte. 64-bit integers may be numbers or strings of
// digits; Data is base64, an enum is its name, a union is its one member. `null` leaves a pointer field
// unset. An empty body is `{}` for a struct, `null` for json and for none (which also accepts `{}`);
// other types refuse it.
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

// `pointer` (RFC 6901): in: the place of `text` in the body, "" for the whole; out, on failure: the place
// of the bad value, which the text of the failure names too.
result<payload> read_json(const payload_type&, std::string_view text, std::string& pointer);

// Checks that the text is one JSON value as read_json() accepts it: no duplicate keys, depth within the
// limit.
result<> check_json(std::string_view text);

// Return one member of an object as compact JSON, "" if missing. json_member() returns a string without
// quotes and escapes, json_text() as JSON.
std::string json_member(std::string_view object, std::string_view name);
std::string json_text(std::string_view object, std::string_view name);

}  // namespace reprise::gateway
