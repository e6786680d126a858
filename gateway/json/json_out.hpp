// The bytes of a payload to JSON text, by the payload's type, and the small pieces from which every
// answer is written: append-only, numbers by std::to_chars, always valid JSON whatever the bytes
// are.
//
// Integers within 2^53 are numbers, beyond that strings; NaN and infinities are strings; an unset
// struct is null; text that is not UTF-8 has its bad bytes replaced; a `reprise::json` payload
// appears byte for byte (as a string when user code made it no JSON).
//
// Failure: cause::corrupt when the bytes do not fit the type; nothing is appended then.
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
