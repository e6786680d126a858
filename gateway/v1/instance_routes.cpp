#include "gateway/v1/instance_routes.hpp"

#include "actors/limits.hpp"
#include "gateway/api/query_parameters.hpp"
#include "gateway/json/json_out.hpp"
#include "gateway/json/json_writer.hpp"
#include "gateway/json/time_text.hpp"
#include "gateway/v1/instance_object.hpp"
#include "gateway/v1/native_routes.hpp"
#include "gateway/wire/preference.hpp"
#include "gateway/wire/problem.hpp"

namespace reprise::gateway {

instance_filter filter_of(parameters& given) {
  instance_filter filter;
  filter.prefix = given.text("prefix");
  if (!filter.prefix.empty() && !is_key(filter.prefix))
    given.refuse("prefix", "no instance id begins like this");
  filter.orchestration = given.text("orchestration");
  if (!filter.orchestration.empty() && !is_name(filter.orchestration))
    given.refuse("orchestration", "this is no name of an orchestration");
  for (const auto& word : given.words("state")) {
    if (const auto state = state_of(word)) {
      filter.states.push_back(*state);
    } else {
      given.refuse("state",
                   "wanted running, completed, failed, terminated, pending, suspended or stalled");
    }
  }
  filter.created_from = given.time("created_from", time_point::min());
  filter.created_to = last_shown_as(given.time("created_to", time_point::max()), precision::ticks);
  filter.updated_before = given.time("updated_before", time_point::max());
  return filter;
}

namespace {

bool fits_all(const instance_filter& f) {
  return f.prefix.empty() && f.orchestration.empty() && f.states.empty() &&
         f.created_from == time_point::min() && f.created_to == time_point::max() &&
         f.updated_before == time_point::max();
}

void show(const shared_request& e, with_input input) {
  e->on.instances().status(e->where.segments[2], with_history::no,
                           [e, input](result<instance_status> found) {
                             if (!found) return e->answer(problem(found.error()));
                             e->answer(instance_answer(e->on.bound(), *found, input));
                           });
}

// Answers with the instance once it has ended, or as it is after `longest`.
void wait_for_end(const shared_request& e, with_input input, std::chrono::seconds longest) {
  const auto tell = [e, input, longest](result<instance_status> found) {
    if (!found) return e->answer(problem(found.error()));
    auto answer = instance_answer(e->on.bound(), *found, input);
    confirm_wait(answer, longest);
    e->answer(std::move(answer));
  };
  const auto& id = e->where.segments[2];
  const auto waiting = std::make_shared<watch_token>(e->on.instances().wait(id, tell));
  e->answer.call_after(longest, [e, waiting, tell] {
    waiting->stop();
    e->on.instances().status(e->where.segments[2], with_history::no, tell);
  });
}

void append_waits(std::string& out, const std::vector<wait_reason>& reasons) {
  array_writer all(out);
  for (const auto& one : reasons) {
    object_writer object(all.element());
    object.text("what", one.what);
    object.time("since", one.since);
    object.text("owed_by", one.owed_by);
    if (one.attempt > 0) object.number("attempt", one.attempt);
    if (one.last_failure) append_failure(object.member("last_failure"), *one.last_failure);
    if (one.next_attempt != time_point{}) object.time("next_attempt", one.next_attempt);
  }
}

}  // namespace

void list_instances_of(const shared_request& e) {
  parameters given(e->where);
  auto filter = filter_of(given);
  const auto input = given.flag("input", true) ? with_input::yes : with_input::no;
  const auto limit = given.limit();
  auto after = given.cursor(cursor_kind::instances);
  if (given.refused()) return e->answer(problem(*given.refused()));
  e->on.instances().list(
      std::move(filter), {std::move(after), limit}, [e, input](result<instance_page> found) {
        if (!found) return e->answer(problem(found.error()));
        std::string entries;
        auto next = found->next;
        for (const auto& one : found->instances) {
          if (!entries.empty()) entries += ',';
          append_instance(entries, e->on.bound(), one, input);
          if (entries.size() <= max_page_bytes || &one == &found->instances.back()) continue;
          next = one.id;
          break;
        }
        e->answer(list_answer("instances", entries, cursor_of(cursor_kind::instances, next)));
      });
}

void show_instance(const shared_request& e) {
  parameters given(e->where);
  const auto input = given.flag("input", true) ? with_input::yes : with_input::no;
  if (given.refused()) return e->answer(problem(*given.refused()));
  if (const auto longest = preferred_wait(e->request, e->options.limits.wait))
    return wait_for_end(e, input, *longest);
  show(e, input);
}

void explain_instance(const shared_request& e) {
  const auto& id = e->where.segments[2];
  e->on.instances().why(id, [e, id](result<instance_waits> found) {
    if (!found) return e->answer(problem(found.error()));
    http_response answer{200, "application/json", {}, {}};
    {
      object_writer object(answer.body);
      object.text("id", id);
      object.text("state", word_of(found->state));
      if (found->state == instance_state::stalled) object.text("finding", found->finding);
      append_waits(object.member("waits"), found->reasons);
    }
    e->answer(std::move(answer));
  });
}

// A purge cannot be undone: it needs at least one filter, and it never includes instances created after
// the request.
void purge_instances_of(const shared_request& e) {
  parameters given(e->where);
  auto filter = filter_of(given);
  if (fits_all(filter))
    given.refuse("created_from", "say which instances go, by this or another filter");
  if (given.refused()) return e->answer(problem(*given.refused()));
  filter.created_to =
      std::min(filter.created_to, time_point(std::chrono::system_clock::now().time_since_epoch()));
  for (const auto state : filter.states) {
    if (is_terminal(state)) continue;
    given.refuse("state", "only what has ended can be purged");
    return e->answer(problem(*given.refused()));
  }
  e->on.operate().purge(std::move(filter), e->options.limits.wait, [e](result<purge_report> done) {
    if (!done) return e->answer(problem(done.error()));
    http_response answer{200, "application/json", {}, {}};
    {
      object_writer object(answer.body);
      object.number("purged", done->purged);
      object.flag("complete", done->complete);
    }
    e->answer(std::move(answer));
  });
}

}  // namespace reprise::gateway
