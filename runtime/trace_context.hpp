// Identifies the trace that a piece of work belongs to, and the span that caused it: the `traceparent`
// of W3C Trace Context, level 1, and the `tracestate` that came with it.
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
  std::uint64_t high = 0, low = 0;  // trace id; both zero: no trace
  std::uint64_t span = 0;           // id of the causing span; zero: none is known
  bool sampled = true;              // the trace's origin wants its spans recorded
  // The result of read_tracestate (runtime/trace_state.hpp), shared by everything in the trace; null:
  // none.
  std::shared_ptr<const std::string> state{};

  explicit operator bool() const noexcept { return (high | low) != 0; }
  // Returns the same trace with another causing span.
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

// Returns a new sampled trace with a random 128-bit id.
trace_context new_trace();

// Parses a traceparent; nullopt if the text breaks the format: lower-case hexadecimal, no id all zero,
// version 00 with nothing after its flags. Of a later version only the first four fields are read.
std::optional<trace_context> read_traceparent(std::string_view);
// 55 characters, version 00.
std::string traceparent_of(const trace_context&);

// Parses the two header fields of a request. nullopt if the first is malformed; if only the second is,
// the trace continues without it.
std::optional<trace_context> read_trace(std::string_view traceparent, std::string_view tracestate);

// The stored form: the traceparent and, if there is one, a space and the tracestate.
std::string stored_trace(const trace_context&);
std::optional<trace_context> read_stored_trace(std::string_view);

std::string trace_id_text(const trace_context&);  // 32 hexadecimal digits
std::string span_id_text(std::uint64_t);          // 16

}  // namespace reprise
