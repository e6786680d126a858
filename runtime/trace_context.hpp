// Which trace a piece of work belongs to, and which span of that trace is the cause of it: the
// `traceparent` of W3C Trace Context, level 1, and the `tracestate` that came with it.
//
// Pure. Threads: any.

#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace reprise {

struct trace_context {
  std::uint64_t high = 0, low = 0;  // id of the trace; both zero: there is none
  std::uint64_t span = 0;           // id of the cause; zero: nothing before it is known
  bool sampled = true;              // whoever began the trace wants its spans kept
  // As read_tracestate gives it (runtime/trace_state.hpp), shared by all that the trace causes; null:
  // there is none.
  std::shared_ptr<const std::string> state{};

  explicit operator bool() const noexcept { return (high | low) != 0; }
  // The same trace, with another cause.
  trace_context caused_by(std::uint64_t id) const noexcept {
    return {high, low, id, sampled, state};
  }
  std::string_view state_text() const noexcept {
    return state ? std::string_view(*state) : std::string_view();
  }
  friend bool operator==(const trace_context& a, const trace_context& b) noexcept {
    return a.high == b.high && a.low == b.low && a.span == b.span && a.sampled == b.sampled &&
           a.state_text() == b.state_text();
  }
};

// A trace that nobody has begun before: 128 bits of chance, sampled.
trace_context new_trace();

// Nothing when the text breaks the format: lower-case hexadecimal, no id all zero, version 00 with
// nothing behind its flags. Of a later version the first four fields count.
std::optional<trace_context> read_traceparent(std::string_view);
// 55 characters, version 00.
std::string traceparent_of(const trace_context&);

// Of the two fields of a request. Nothing when the first breaks its format; when only the second does,
// the trace goes on without it.
std::optional<trace_context> read_trace(std::string_view traceparent, std::string_view tracestate);

// As records keep it: the traceparent and, where there is one, the tracestate behind a space.
std::string stored_trace(const trace_context&);
std::optional<trace_context> read_stored_trace(std::string_view);

std::string trace_id_text(const trace_context&);  // 32 hexadecimal digits
std::string span_id_text(std::uint64_t);          // 16

}  // namespace reprise
