// ETag and If-None-Match (RFC 9110): a name for what an answer shows, equal when it is equal.

#pragma once

#include <string>
#include <string_view>

namespace reprise::gateway {

std::string tag_of(std::string_view shown);  // with its quotation marks

// Is it among those of an If-None-Match? `*` is any; a weak tag is as good as a strong one there.
bool is_among(std::string_view tag, std::string_view if_none_match) noexcept;

}  // namespace reprise::gateway
