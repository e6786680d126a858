// The request guard: decides over the raw bytes of a request's head, before any parser or route
// sees them, whether the request has exactly one meaning.
//
// Request smuggling lives on heads that two readers read in two ways. Beast 1.81 lets several such
// forms through (unknown transfer codings, folds, lists of lengths, no Host), so nothing but the
// narrow grammar below is accepted: CRLF line ends, tokens, one length or one `chunked`, one Host,
// a target of printable ASCII: a path, or a URL whose host is that of Host. Everything else is refused
// and its connection closed. What it lets through, Beast takes too and in the same sense, and so a
// body of a told length is read without Beast: tests/fuzz/request.cpp looks for a head of which that
// does not hold.
//
// Pure: bytes in, verdict out. Threads: any.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/limits.hpp"

namespace reprise::gateway {

// How much of a buffer is a request's head, so that it can be read before it is judged.
struct head_end {
  enum class state { needs_more, complete, broken };
  state what = state::needs_more;
  std::size_t size =
      0;  // complete: bytes up to and with the empty line; needs_more: bytes looked at
};
// `looked` is `size` of the last answer for the same buffer: nothing is scanned twice. Broken means
// that no further byte can make it right (a bare LF, a first byte that begins no method).
head_end find_head_end(std::string_view buffer, std::size_t looked) noexcept;

// Fields that mean something here. The names stand in guard.cpp, in this order.
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
  none  // any other
};

struct head_field {
  std::string_view name, value;  // the value without the white space around it
  known_field known = known_field::none;
};

// All views point into the guarded bytes.
struct request_head {
  std::string_view method, host;
  std::string_view target;     // path and query, or `*` of OPTIONS
  std::string_view authority;  // of a target that came as a whole URL; "" otherwise
  std::vector<head_field> fields;
  std::optional<std::uint64_t> length;  // absent: no body, or chunked
  bool chunked = false;
  bool keep_alive = true;
  bool says_keep_alive = false;  // HTTP/1.0: it must be said in the answer, too
  bool expects_continue = false;
  std::uint32_t seen = 0;  // a bit for each known field that is there

  bool has(known_field f) const noexcept { return (seen >> static_cast<unsigned>(f) & 1) != 0; }
  std::string_view find(known_field) const noexcept;  // the first of that name; "" when absent
  std::string_view find(std::string_view name) const noexcept;  // any field, known or not
  std::string list(known_field) const;  // all of that name, with ", " between
};

struct head_refusal {
  unsigned status = 0;  // 0: accepted
  std::string_view why;
};

// What a head asks for that may not be one: whoever is refused is told so in the words of the surface
// that he meant. "" when there is none.
std::string_view asked_target(std::string_view bytes) noexcept;

// `bytes` is a complete head as `find_head_end` says.
head_refusal guard_request(std::string_view bytes, const limits&, request_head& out);

}  // namespace reprise::gateway
