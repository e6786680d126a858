// Failures as HTTP responses: RFC 9457 problem details for /v1, `{"Message": ...}` for the Durable
// Functions routes. One table maps causes to statuses; gateway/README.md documents it.

#pragma once

#include <string_view>

#include "actors/failure.hpp"
#include "gateway/wire/http_message.hpp"

namespace reprise::gateway {

unsigned status_of(const failure&) noexcept;
std::string_view title_of(unsigned status) noexcept;
std::string_view status_code(unsigned status) noexcept;  // the `code` of a refused request

http_response problem(unsigned status, std::string_view code, std::string_view detail);
http_response problem(const failure&);
// Returns the problem of an invalid body; `pointer` (RFC 6901) is the place in it. cause::limit gives
// 413: the value is too large.
http_response problem(const failure&, std::string_view pointer);
// Return 405 and the 204 of OPTIONS. `methods`: the methods of the route, "GET, DELETE"; HEAD and OPTIONS
// are added to Allow.
http_response not_allowed(std::string_view methods);
http_response options(std::string_view methods);
// Allow for requests that reach no route.
inline constexpr std::string_view served_methods = "GET, HEAD, POST, DELETE, OPTIONS";
// Adds `instance`, the requested path, and `traceId` to a problem. Other responses stay unchanged.
void add_trace(http_response&, std::string_view path, std::string_view trace_id);
http_response message(unsigned status, std::string_view text);
http_response message(const failure&);
// Returns the body that Durable Functions sends with some refusals: the text alone, as a JSON string.
http_response bare_string(unsigned status, std::string_view text);

}  // namespace reprise::gateway
