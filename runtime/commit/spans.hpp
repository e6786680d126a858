// Spans of what a node does, named and tagged as those of Durable Functions are (docs/traces.md).
// Pure.

#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "actors/orchestration/history.hpp"
#include "runtime/message/message.hpp"
#include "runtime/span.hpp"

namespace reprise::runtime {

// Of a start, a run, an attempt, a timer, an event, a turn: not zero, the same for the same facts.
enum class traced : char {
  start = 's',
  run = 'r',
  attempt = 'a',
  timer = 't',
  event = 'e',
  turn = 'o'
};
std::uint64_t span_id(traced, std::string_view whose, std::initializer_list<std::uint64_t> which);

// When it was, and where in its trace.
struct span_place {
  trace_context at;
  std::uint64_t parent = 0;
  time_point began{}, ended{};
};

span start_span(const span_place&, const std::string& instance, const std::string& orchestration);
// `last`: how the generation ended, completed or continued. One that was terminated says so.
struct run_end {
  const internal::event& last;
  bool terminated = false;
};
span run_span(const span_place&, const address& instance, const std::string& orchestration,
              const internal::generation&, const run_end&);
span attempt_span(const span_place&, const reply_to& step, const std::string& activity,
                  const result<payload>&);
span timer_span(const span_place&, const std::string& instance, const std::string& orchestration,
                const internal::event& step);
span event_span(const span_place&, const std::string& instance, const std::string& event);
// Of an operation that was called, or signalled: nobody waits for its answer.
enum class asked_as : std::uint8_t { call, signal };
span turn_span(const span_place&, const address& actor, const std::string& operation, asked_as,
               const result<payload>&);

}  // namespace reprise::runtime
