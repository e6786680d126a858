// Which trace a piece of work belongs to, and which span of that trace is the cause of it: the
// `traceparent` of W3C Trace Context, level 1.
//
// Pure. Threads: any.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace reprise {

struct trace_context {
  std::uint64_t high = 0, low = 0;  // id of the trace; both zero: there is none
  std::uint64_t span = 0;           // id of the cause; zero: nothing before it is known
  bool sampled = true;              // whoever began the trace wants its spans kept

  explicit operator bool() const noexcept { return (high | low) != 0; }
  // The same trace, with another cause.
  trace_context caused_by(std::uint64_t id) const noexcept { return {high, low, id, sampled}; }
  friend bool operator==(const trace_context&, const trace_context&) = default;
};

// A trace that nobody has begun before: 128 bits of chance, sampled.
trace_context new_trace();

// Nothing when the text breaks the format: lower-case hexadecimal, no id all zero, version 00 with
// nothing behind its flags. Of a later version the first four fields count.
std::optional<trace_context> read_traceparent(std::string_view);
// 55 characters, version 00.
std::string traceparent_of(const trace_context&);

std::string trace_id_text(const trace_context&);  // 32 hexadecimal digits
std::string span_id_text(std::uint64_t);          // 16

}  // namespace reprise
