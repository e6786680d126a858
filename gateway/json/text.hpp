// Text as HTTP and JSON have it: UTF-8 validity, base64, percent, hexadecimal, blanks, case.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace reprise::gateway {

// Length of the valid UTF-8 sequence at the beginning of `s`: 1 to 4, or 0 when there is none
// (overlong, surrogate, beyond U+10FFFF, cut short, or `s` is empty).
std::size_t utf8_length(std::string_view s) noexcept;
bool is_utf8(std::string_view s) noexcept;

// What others wrote, for a line of a log or of a terminal: what control_length (actors/fresh_key.hpp) finds
// is shown as \n, \r, \t or \u001b, a byte that is no UTF-8 as \xff.
std::string visible(std::string_view);
// The same for a JSON text, which stays the same JSON. The white space between its values is left.
std::string visible_json(std::string_view);

void append_base64(std::string& out, std::string_view bytes);
// Padded standard alphabet only, no white space, unused bits zero: one text per value.
std::optional<std::string> from_base64(std::string_view text);

// Percent-encodes everything but the unreserved characters of RFC 3986.
void append_percent(std::string& out, std::string_view text);
// Decodes once. Nothing when a `%` is not followed by two hexadecimal digits, or the result has a
// control character or is not UTF-8.
enum class plus { is_plus, is_space };  // in a path; in a query
std::optional<std::string> from_percent(std::string_view text, plus);

void append_hex(std::string& out, std::uint64_t);  // 16 digits

// Without the blanks and tabs around it: the optional white space of a field (RFC 9110, 5.6.3).
std::string_view trimmed(std::string_view) noexcept;

bool same_ignoring_case(std::string_view, std::string_view) noexcept;  // ASCII
std::string lower(std::string_view);                                   // ASCII

// What an answer on the surface of Durable Functions is.
inline constexpr std::string_view json_media = "application/json; charset=utf-8";
// Is it application/json, or a type that says +json? Parameters after a `;` do not matter.
bool is_json_media(std::string_view content_type) noexcept;
// The value of its charset parameter, without quotes; "" when there is none.
std::string charset_of(std::string_view content_type);

}  // namespace reprise::gateway
