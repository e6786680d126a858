// The fields of requests: which may be said, which go to another origin, and what a value may hold.

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

// May an orchestrator say it? Else cause::invalid, with what to do instead.
result<> check_field(std::string_view name, std::string_view value);

// May it go along when a redirect or a poll leaves the origin that was asked? A few that tell
// nothing.
bool crosses_origins(std::string_view name);

// Well-formed UTF-8 without the character 0.
bool is_text(std::string_view bytes) noexcept;

}  // namespace reprise::http::internal
