// Failures as HTTP answers: RFC 9457 problem details for /v1, `{"Message": ...}` for the Durable
// Functions routes. One table from a cause to its status, documented in gateway/README.md.

#pragma once

#include <string_view>

#include "actors/failure.hpp"
#include "gateway/wire/http_message.hpp"

namespace reprise::gateway {

unsigned status_of(const failure&) noexcept;
std::string_view title_of(unsigned status) noexcept;
std::string_view status_code(unsigned status) noexcept;  // a stable word for a refused request

http_response problem(unsigned status, std::string_view code, std::string_view detail);
http_response problem(const failure&);
// Of a body: `pointer` is where in it (RFC 6901). A value beyond a limit is a body too large.
http_response problem(const failure&, std::string_view pointer);
// As the surface of this target tells it: a message below /runtime/webhooks/durabletask, else a problem.
http_response refusal(std::string_view target, unsigned status, std::string_view code,
                      std::string_view text);
// 405, and the 204 of OPTIONS. `methods` as routes are served by them, "GET, DELETE": Allow has HEAD and
// OPTIONS too.
http_response not_allowed(std::string_view methods);
http_response options(std::string_view methods);
// What Allow says where no route is known.
inline constexpr std::string_view served_methods = "GET, HEAD, POST, DELETE, OPTIONS";
// To a problem: `instance`, the path that was asked for, and `traceId`. Anything else stays as it is.
void add_trace(http_response&, std::string_view path, std::string_view trace_id);
http_response message(unsigned status, std::string_view text);
http_response message(const failure&);

}  // namespace reprise::gateway
