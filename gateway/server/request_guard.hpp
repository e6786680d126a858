// The request guard: decides from the raw bytes of a request's head, before any parser or route sees
// them, whether the request has exactly one meaning.
//
// Request smuggling needs a head that two readers understand differently. Beast 1.81 accepts several
// such forms (unknown transfer codings, folded fields, lists of lengths, no Host). The guard accepts
// only a narrow grammar: CRLF line ends, tokens, one length or one `chunked`, one Host, and a target
// of printable ASCII that is a path, or a URL whose host is that of Host. Everything else is refused
// and the connection is closed.
//
// Beast accepts every head that the guard accepts, with the same meaning, so a body with a
// Content-Length is read without Beast. tests/fuzz/request.cpp searches for counterexamples.
//
// Pure functions. Threads: any.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/limits.hpp"

namespace reprise::gateway {

// Where the head of a request ends in a buffer.
struct head_end {
  enum class state { needs_more, complete, broken };
  state what = state::needs_more;
  // complete: bytes of the head with its empty line. needs_more: bytes scanned so far.
  std::size_t size = 0;
};
// Finds the end of the head in `buffer`. `looked` is the `size` of the previous result for the same
// buffer, 0 at first: no byte is scanned twice. Returns `broken` if no further bytes can make the head
// valid (a bare LF, a first byte that cannot start a method).
head_end find_head_end(std::string_view buffer, std::size_t looked) noexcept;

// The fields that the server uses. request_guard.cpp lists their names in the same order.
enum class known_field : unsigned char {
  host,
  content_length,
  transfer_encoding,
  origin,
  idempotency_key,
  content_type,
  expect,
  authorization,
  functions_key,
  connection,
  proxy_connection,
  content_encoding,
  accept_encoding,
  continuation_token,
  prefer,
  if_match,
  if_none_match,
  last_event_id,
  traceparent,
  tracestate,
  none  // any other field
};

struct head_field {
  std::string_view name, value;  // the value is trimmed
  known_field known = known_field::none;
};

// A parsed head. All views point into the bytes that were given to guard_request().
struct request_head {
  std::string_view method, host;
  std::string_view target;     // path and query, or `*` for OPTIONS
  std::string_view authority;  // host and port of a target in absolute form; "" otherwise
  std::vector<head_field> fields;
  std::optional<std::uint64_t> length;  // absent: no body, or chunked
  bool chunked = false;
  bool keep_alive = true;
  bool says_keep_alive = false;  // HTTP/1.0 with keep-alive: the response must confirm it
  bool expects_continue = false;
  std::uint32_t seen = 0;  // one bit for each known field that is present

  bool has(known_field f) const noexcept { return (seen >> static_cast<unsigned>(f) & 1) != 0; }
  std::string_view find(known_field) const noexcept;  // the first of that name; "" when absent
  std::string_view find(std::string_view name) const noexcept;  // any field, known or not
  std::string list(known_field) const;                          // all values, joined by ", "
};

struct head_refusal {
  unsigned status = 0;  // 0: accepted
  std::string_view why;
};

// Returns the target of a possibly malformed head, or "". It selects the format of the refusal: that
// of Durable Functions or that of /v1.
std::string_view asked_target(std::string_view bytes) noexcept;

// Checks a complete head (see find_head_end) against the grammar and the limits and parses it into
// `out`, which is valid only if the result has status 0.
head_refusal guard_request(std::string_view bytes, const limits&, request_head& out);

}  // namespace reprise::gateway
