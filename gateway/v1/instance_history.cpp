#include "gateway/v1/instance_history.hpp"

#include <algorithm>
#include <charconv>
#include <string>

#include "gateway/v1/event_object.hpp"
#include "gateway/v1/native_routes.hpp"
#include "gateway/wire/problem.hpp"

namespace reprise::gateway {

namespace {

// The place of a cursor is TERM.POSITION.NUMBER: the generation and the next event. Returns it without
// the number.
std::string prefix_of(const generation& g) {
  return std::to_string(g.term) + '.' + std::to_string(g.position) + '.';
}

struct wanted {
  std::string after;  // the place of the cursor; empty: the beginning
  std::size_t limit;
  with_values values;
};

// Returns the number of the first event on the page; nothing if the cursor is of another generation.
std::optional<std::size_t> first_of(const wanted& w, const instance_status& one) {
  if (w.after.empty()) return 0;
  const auto prefix = prefix_of(one.generation);
  if (!w.after.starts_with(prefix)) return std::nullopt;
  std::size_t number = 0;
  const auto end = w.after.data() + w.after.size();
  const auto [last, error] = std::from_chars(w.after.data() + prefix.size(), end, number);
  if (error != std::errc() || last != end || number > one.history.size()) return std::nullopt;
  return number;
}

void answer_page(const request_context& e, const instance_status& one, const wanted& w) {
  const auto first = first_of(w, one);
  if (!first)
    return e.answer(problem(410, "gone",
                            "the instance has begun anew since the page before; read its history "
                            "from the beginning"));
  std::string entries;
  const auto& events = one.history;
  const auto last = std::min(events.size(), *first + w.limit);
  std::size_t i = *first;
  for (; i < last && entries.size() <= max_page_bytes; ++i) {
    if (!entries.empty()) entries += ',';
    const bool undone = std::binary_search(one.undone.begin(), one.undone.end(), i);
    append_event(entries, e.on.bound(), {events, i, undone}, w.values);
  }
  const auto next = i < events.size() ? prefix_of(one.generation) + std::to_string(i) : "";
  e.answer(list_answer("events", entries, cursor_of(cursor_kind::history, next)));
}

}  // namespace

void show_history(const shared_request& e) {
  parameters given(e->where);
  wanted w;
  w.after = given.cursor(cursor_kind::history);
  w.limit = given.limit();
  w.values = given.flag("values", true) ? with_values::yes : with_values::no;
  if (given.refused()) return e->answer(problem(*given.refused()));
  e->on.instances().status(e->where.segments[2], with_history::yes,
                           [e, w](result<instance_status> found) {
                             if (!found) return e->answer(problem(found.error()));
                             answer_page(*e, *found, w);
                           });
}

}  // namespace reprise::gateway
