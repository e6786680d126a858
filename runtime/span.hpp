// Trace spans of a node's work: one for each piece of work that was really done, reported when it is
// durable. Replay reports none. Only work that carries a trace context has spans (ask_options::trace);
// everything it causes, also after a crash, belongs to the same trace.
//
// Span ids are derived from what is on disk, so every process gives a parent the same id.

#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "actors/time.hpp"
#include "runtime/trace_context.hpp"

namespace reprise {

// As OpenTelemetry numbers them.
enum class span_kind : std::uint8_t { internal = 1, server, client, producer, consumer };

// One attribute of a span.
struct span_tag {
  std::string_view name;  // a string literal
  std::variant<std::string, std::int64_t> value;
};

struct span {
  std::string name;
  span_kind kind = span_kind::internal;
  trace_context at;          // the trace, and this span's id in it
  std::uint64_t parent = 0;  // zero: the root of its trace
  time_point began{}, ended{};
  std::vector<span_tag> tags;
  std::string error;  // why it failed; empty: it succeeded
};

// Called from any of the node's threads, possibly several at once; must not block or throw.
using span_sink = std::function<void(span)>;

}  // namespace reprise
