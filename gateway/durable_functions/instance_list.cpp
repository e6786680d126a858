#include "gateway/durable_functions/instance_list.hpp"

#include <algorithm>
#include <charconv>
#include <vector>

#include "actors/limits.hpp"
#include "gateway/durable_functions/continuation.hpp"
#include "gateway/durable_functions/instance_view.hpp"
#include "gateway/json/json_out.hpp"
#include "gateway/json/text.hpp"
#include "gateway/json/time_text.hpp"
#include "gateway/wire/problem.hpp"

namespace reprise::gateway {

namespace {

// The value of `runtimeStatus`, which may be repeated and may list several names.
struct wanted_states {
  std::vector<instance_state> states;
  bool any_known = false;  // some name is valid; perhaps one that is never used here, like Canceled
  std::string unknown;     // the last invalid name
};

struct state_name {
  std::string_view name;
  int number;
  std::vector<instance_state> ours;
};

// The statuses of Durable Functions with their numbers. A stalled instance is shown as Suspended.
const std::vector<state_name>& state_names() {
  static const std::vector<state_name> names{
      {"Unknown", -1, {}},
      {"Running", 0, {instance_state::running}},
      {"Completed", 1, {instance_state::completed}},
      {"ContinuedAsNew", 2, {}},
      {"Failed", 3, {instance_state::failed}},
      {"Canceled", 4, {}},
      {"Terminated", 5, {instance_state::terminated}},
      {"Pending", 6, {instance_state::pending}},
      {"Suspended", 7, {instance_state::suspended, instance_state::stalled}}};
  return names;
}

void add_state(wanted_states& to, std::string_view word) {
  word = trimmed(word);
  if (word.empty()) return;
  int number = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
  const bool is_number = error == std::errc() && end == word.data() + word.size();
  const auto& names = state_names();
  const auto found = std::find_if(names.begin(), names.end(), [&](const state_name& one) {
    return is_number ? one.number == number : same_ignoring_case(one.name, word);
  });
  if (found != names.end())
    to.states.insert(to.states.end(), found->ours.begin(), found->ours.end());
  if (found != names.end() || is_number) {
    to.any_known = true;
  } else {
    to.unknown = word;
  }
}

wanted_states states_of(const target& where) {
  wanted_states wanted;
  for (const auto& [name, value] : where.query) {
    if (name != "runtimestatus") continue;
    std::string_view rest = value;
    while (!rest.empty()) {
      const auto end = rest.find(',');
      add_state(wanted, rest.substr(0, end));
      if (end == std::string_view::npos) break;
      rest.remove_prefix(end + 1);
    }
  }
  return wanted;
}

time_point time_of(const target& where, std::string_view name, time_point otherwise) {
  const auto* text = where.find(name);
  return text != nullptr ? read_time(*text).value_or(otherwise) : otherwise;
}

// Returns an upper bound. Responses show times in whole seconds, so a bound in whole seconds includes
// all times that are shown like it.
time_point until_of(const std::string* text, time_point otherwise) {
  const auto until = text != nullptr ? read_time(*text) : std::nullopt;
  if (!until) return otherwise;
  const bool whole = text->find('.') == text->npos;
  return last_shown_as(*until, whole ? precision::seconds : precision::ticks);
}

void answer_page(const request_context& e, const instance_page& page, const status_view& view) {
  std::string body;
  auto next = page.next;
  for (const auto& one : page.instances) {
    if (!body.empty()) body += ',';
    append_status(body, e.on.bound(), one, view);
    if (body.size() <= max_page_bytes || &one == &page.instances.back()) continue;
    next = one.id;
    break;
  }
  e.answer(page_answer(body, cursor_of(cursor_kind::instances, next)));
}

// Answers a purge. It may stop early when its time is up, which `isComplete`, an addition to the format
// of Durable Functions, reports.
void answer_purged(const request_context& e, const purge_report& report) {
  if (report.purged == 0 && report.complete) return e.answer({404, "", "", {}});
  http_response answer{200, std::string(json_media), R"({"instancesDeleted":)", {}};
  append_number(answer.body, report.purged);
  answer.body += report.complete ? "}" : R"(,"isComplete":false})";
  e.answer(std::move(answer));
}

}  // namespace

void list_instances(const shared_request& e) {
  const auto page = page_of(*e, cursor_kind::instances);
  if (!page || (!page->after.empty() && !is_key(page->after)))
    return e->answer(message(strange_token()));
  instance_filter filter;
  filter.created_from = time_of(e->where, "createdtimefrom", time_point::min());
  filter.created_to = until_of(e->where.find("createdtimeto"), time_point::max());
  if (const auto* prefix = e->where.find("instanceidprefix")) filter.prefix = *prefix;
  auto wanted = states_of(e->where);
  filter.states = std::move(wanted.states);
  const bool nobody = (wanted.any_known && filter.states.empty()) ||
                      (!filter.prefix.empty() && !is_key(filter.prefix));
  if (nobody) return e->answer(page_answer("", ""));
  status_view view;
  view.input = e->where.flag("showinput", true);
  e->on.instances().list(std::move(filter), {page->after, page->top},
                         [e, view](result<instance_page> found) {
                           if (!found) return e->answer(message(found.error()));
                           answer_page(*e, *found, view);
                         });
}

void purge_instances(const shared_request& e) {
  const auto* from = e->where.find("createdtimefrom");
  const auto since = from != nullptr ? read_time(*from) : std::nullopt;
  if (!since)
    return e->answer(bare_string(400, "Please provide value for 'createdTimeFrom' parameter."));
  instance_filter filter;
  filter.created_from = *since;
  filter.created_to = std::chrono::system_clock::now();  // not instances created meanwhile
  if (const auto* to = e->where.find("createdtimeto"); to != nullptr && !to->empty()) {
    if (!read_time(*to)) return e->answer(bare_string(400, "createdTimeTo is no time: " + *to));
    filter.created_to = until_of(to, time_point::max());
  }
  auto wanted = states_of(e->where);
  if (!wanted.unknown.empty())
    return e->answer(bare_string(400, "runtimeStatus is none that exists: " + wanted.unknown));
  std::erase_if(wanted.states, [](instance_state s) { return !is_terminal(s); });
  if (wanted.any_known && wanted.states.empty()) return e->answer({404, "", "", {}});
  filter.states = std::move(wanted.states);
  e->on.operate().purge(std::move(filter), e->options.limits.wait,
                        [e](result<purge_report> purged) {
                          if (!purged) return e->answer(message(purged.error()));
                          answer_purged(*e, *purged);
                        });
}

}  // namespace reprise::gateway
