// The request guard: decides over the raw bytes of a request's head, before any parser or route
// sees them, whether the request has exactly one meaning.
//
// Request smuggling lives on heads that two readers read in two ways. Beast 1.81 lets several such
// forms through (unknown transfer codings, folds, lists of lengths, no Host), so nothing but the
// narrow grammar below is accepted: CRLF line ends, tokens, one length or one `chunked`, one Host,
// a target of printable ASCII: a path, or a URL whose host is that of Host. Everything else is refused
// and its connection closed.
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

struct head_field {
  std::string_view name, value;  // the value without the white space around it
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
  bool expects_continue = false;

  std::string_view find(std::string_view name) const noexcept;  // "" when absent
  bool has(std::string_view name) const noexcept;
  std::string list(std::string_view name) const;  // all of that name, with ", " between
};

struct head_refusal {
  unsigned status = 0;  // 0: accepted
  std::string_view why;
};

// What a head asks for that may not be one: whoever is refused is told so in the words of the surface
// that he meant. "" when there is none.
std::string_view asked_target(std::string_view bytes) noexcept;

// `bytes` is a complete head as `find_head_end` says.
head_refusal guard(std::string_view bytes, const limits&, request_head& out);

}  // namespace reprise::gateway
