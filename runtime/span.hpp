// What a node tells of its work to whoever collects traces: one span for each thing that was really
// done, when it is durable. What is replayed says nothing. Only work that carries a trace context has
// spans (ask_options::trace); what it causes, also after a crash, belongs to the same trace.
//
// Ids of spans follow from what is on the disk, so that a parent is named alike by every process.

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

struct span_tag {
  std::string_view name;  // a literal
  std::variant<std::string, std::int64_t> value;
};

struct span {
  std::string name;
  span_kind kind = span_kind::internal;
  trace_context at;          // the trace, and the id of this span in it
  std::uint64_t parent = 0;  // zero: the first of its trace
  time_point began{}, ended{};
  std::vector<span_tag> tags;
  std::string error;  // why it failed; empty: it did not
};

// Called from any of the node's threads, possibly several at once; must not block or throw.
using span_sink = std::function<void(span)>;

}  // namespace reprise
