// Text functions for HTTP and JSON: UTF-8 validation, base64, percent-encoding, hexadecimal, trimming,
// case.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace reprise::gateway {

// Returns the length of the valid UTF-8 sequence at the beginning of `s`, 1 to 4; 0 if there is none
// (overlong, surrogate, beyond U+10FFFF, cut short, or `s` is empty).
std::size_t utf8_length(std::string_view s) noexcept;
bool is_utf8(std::string_view s) noexcept;

// Escapes untrusted text for one line of a log or terminal: control characters (control_length() in
// actors/fresh_key.hpp) as \n, \r, \t or \u001b, bytes that are not UTF-8 as \xff.
std::string visible(std::string_view);
// The same for JSON text: its value stays the same, and white space between values is kept.
std::string visible_json(std::string_view);

void append_base64(std::string& out, std::string_view bytes);
// Decodes base64: padded standard alphabet, no white space, unused bits zero, so that each value has
// exactly one text.
std::optional<std::string> from_base64(std::string_view text);

// Percent-encodes everything but the unreserved characters of RFC 3986.
void append_percent(std::string& out, std::string_view text);
// The meaning of `+`: a plus in a path, a space in a query.
enum class plus { is_plus, is_space };
// Percent-decodes once. Returns nothing if a `%` is not followed by two hexadecimal digits, or the result
// contains a control character or is not UTF-8.
std::optional<std::string> from_percent(std::string_view text, plus);

void append_hex(std::string& out, std::uint64_t);  // 16 digits

constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

// Removes spaces and tabs at both ends: the optional white space of a field (RFC 9110, 5.6.3).
std::string_view trimmed(std::string_view) noexcept;

bool same_ignoring_case(std::string_view, std::string_view) noexcept;  // ASCII
std::string lower(std::string_view);                                   // ASCII

// The Content-Type of responses on the Durable Functions surface.
inline constexpr std::string_view json_media = "application/json; charset=utf-8";
// Returns whether a Content-Type is application/json or ends with +json, ignoring parameters.
bool is_json_media(std::string_view content_type) noexcept;
// Returns the charset parameter without quotes; "" if missing.
std::string charset_of(std::string_view content_type);

}  // namespace reprise::gateway
