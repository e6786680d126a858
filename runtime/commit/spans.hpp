// Makes a node's trace spans, named and tagged like those of Durable Functions (docs/traces.md). Pure.

#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "actors/history.hpp"
#include "runtime/message/message.hpp"
#include "runtime/span.hpp"

namespace reprise::runtime {

// What a span is of. Its id is never zero, and the same for the same arguments.
enum class traced : char {
  start = 's',
  run = 'r',
  attempt = 'a',
  timer = 't',
  event = 'e',
  turn = 'o'
};
std::uint64_t span_id(traced, std::string_view whose, std::initializer_list<std::uint64_t> which);

// When it was, and its place in the trace.
struct span_place {
  trace_context at;
  std::uint64_t parent = 0;
  time_point began{}, ended{};
};

span start_span(const span_place&, const std::string& instance, const std::string& orchestration);
// `last`: the event that ended the generation, completed or continued.
struct run_end {
  const history_event& last;
  bool terminated = false;
};
span run_span(const span_place&, const address& instance, const std::string& orchestration,
              const generation&, const run_end&);
span attempt_span(const span_place&, const reply_to& step, const std::string& activity,
                  const result<payload>&);
span timer_span(const span_place&, const std::string& instance, const std::string& orchestration,
                const history_event& step);
span event_span(const span_place&, const std::string& instance, const std::string& event);
// For an operation, called or signalled; a signal has no answer.
enum class asked_as : std::uint8_t { call, signal };
span turn_span(const span_place&, const address& actor, const std::string& operation, asked_as,
               const result<payload>&);

}  // namespace reprise::runtime
