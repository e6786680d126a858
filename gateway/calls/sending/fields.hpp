// Rules for header fields of requests: which are allowed, which may go to another origin, and which
// characters a value may contain.

#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "actors/failure.hpp"

namespace reprise::http::internal {

using field_list = std::vector<std::pair<std::string, std::string>>;  // in order

std::string lower(std::string_view text);
bool is_token(std::string_view text) noexcept;        // RFC 9110, 5.6.2
bool is_field_value(std::string_view text) noexcept;  // no control characters but tab

// Checks a field of an orchestrator. Failure: cause::invalid, with what to do instead.
result<> check_field(std::string_view name, std::string_view value);

// Returns whether a field may be sent when a redirect or poll goes to another origin: only a few harmless
// ones may.
bool crosses_origins(std::string_view name);

// Returns whether the bytes are valid UTF-8 without NUL.
bool is_text(std::string_view bytes) noexcept;

}  // namespace reprise::http::internal
