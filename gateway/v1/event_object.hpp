// Writes one event of a history as /v1 shows it: an input of the instance or a step of its code, with
// values as JSON by the bound types. A value whose type is no longer bound is null.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "actors/application.hpp"
#include "runtime/node.hpp"

namespace reprise::gateway {

enum class with_values : bool { no, yes };

// `number`: index of the event in `history`, which must be complete up to there, because an answer has
// the type of the step it answers. `undone`: a rewind has taken the event back.
struct shown_event {
  const std::vector<history_event>& history;
  std::size_t number;
  bool undone;
};

void append_event(std::string& out, const bindings&, const shown_event&, with_values);

std::string_view word_of(event_kind) noexcept;

}  // namespace reprise::gateway
