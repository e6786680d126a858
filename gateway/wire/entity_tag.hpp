// ETag, If-Match and If-None-Match (RFC 9110).
//
// An actor's tag has 32 hexadecimal digits: the first 16 identify the state, the others its
// representation, which a new version of the program may change. All tags are strong. The tag of a
// compressed response has -gzip behind its digits: other bytes, the same state.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "actors/failure.hpp"
#include "gateway/wire/http_message.hpp"
#include "runtime/precondition.hpp"

namespace reprise::gateway {

// These return a tag with its quotation marks. `shown`: the body; `state`: see state_tag().
std::string tag_of(std::string_view shown);
std::string actor_tag(std::uint64_t state, std::string_view shown);
std::string gzip_tag(std::string tag);

// Returns the tag in an If-None-Match that matches `tag`, ignoring weakness and compression, without
// its W/; `tag` itself for `*`; "" if none matches.
std::string_view found_among(std::string_view tag, std::string_view if_none_match) noexcept;

// Returns whether the request has an If-Match or If-None-Match.
bool has_condition(const http_request&) noexcept;

// Returns the precondition of a request that writes: its If-Match or `If-None-Match: *`; nothing if it
// has neither. A weak tag, or one that is not an actor's, matches no state. cause::invalid if both
// fields are present, or If-None-Match is anything but `*`.
result<std::optional<precondition>> condition_of(const http_request&);

}  // namespace reprise::gateway
