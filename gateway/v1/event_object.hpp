// One event of a history as /v1 shows it: what happened to the instance, or what its code asked for,
// with values as JSON by the types that are bound. A value whose type is no longer bound shows as null.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "actors/application.hpp"
#include "runtime/node.hpp"

namespace reprise::gateway {

enum class with_values : bool { no, yes };

// `number`: of the event in `history`, which is whole up to there: an answer has the type of what asked.
// `undone`: a rewind took it back.
struct shown_event {
  const std::vector<internal::event>& history;
  std::size_t number;
  bool undone;
};

void append_event(std::string& out, const application&, const shown_event&, with_values);

std::string_view word_of(internal::event_kind) noexcept;

}  // namespace reprise::gateway
