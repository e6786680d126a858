// ETag, If-Match and If-None-Match (RFC 9110).
//
// The tag of an actor has 32 hexadecimal digits: the first 16 name the state, the others how it is
// shown, which a new version of the program may do in another way. All tags are strong. That of an
// answer which was compressed has -gzip behind its digits: other bytes, and the same state.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "actors/failure.hpp"
#include "gateway/wire/http_message.hpp"
#include "runtime/precondition.hpp"

namespace reprise::gateway {

std::string tag_of(std::string_view shown);  // with its quotation marks, as all of these
std::string actor_tag(std::uint64_t state, std::string_view shown);
std::string gzip_tag(std::string tag);

// The one of an If-None-Match that names what `tag` does, as it stands there: compressed or not, weak or
// not. `tag` itself for `*`; empty: none does.
std::string_view found_among(std::string_view tag, std::string_view if_none_match) noexcept;

// Does the request say that it depends on a state?
bool has_condition(const http_request&) noexcept;

// What If-Match, or `If-None-Match: *`, of a request that writes makes a condition. Nothing: neither field
// is there. A weak tag, or one that is not of an actor, is that of no state. cause::invalid: both fields
// are there, or If-None-Match names a state.
result<std::optional<precondition>> condition_of(const http_request&);

}  // namespace reprise::gateway
