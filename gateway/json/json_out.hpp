// Converts the bytes of a payload to JSON text, by the payload's type; and the functions with which all
// responses are written. They only append, and the result is valid JSON for any bytes.
//
// Integers up to 2^53 are numbers, larger ones strings; NaN and infinities are strings; an unset struct
// is null; bytes that are not UTF-8 are replaced by U+FFFD; a `reprise::json` payload appears byte for
// byte (as a string, if user code stored invalid JSON).
//
// Failure: cause::corrupt if the bytes do not fit the type; then nothing is appended.
// Threads: any.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "actors/failure.hpp"
#include "actors/payload.hpp"
#include "actors/payload_type.hpp"

namespace reprise::gateway {

result<> append_json(std::string& out, const payload_type&, std::string_view bytes);

void append_quoted(std::string& out, std::string_view text);
void append_number(std::string& out, std::int64_t);
void append_number(std::string& out, std::uint64_t);
void append_number(std::string& out, double);

}  // namespace reprise::gateway
