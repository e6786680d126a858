#include "runtime/query/why.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "actors/actor/text.hpp"
#include "actors/bindings.hpp"
#include "actors/orchestration/child_id.hpp"
#include "actors/orchestration/open_steps.hpp"
#include "actors/orchestration/steps.hpp"
#include "persistence/keys.hpp"
#include "runtime/actor/lock_table.hpp"
#include "runtime/commit/turn_services.hpp"
#include "runtime/dead_letters/dead_letters.hpp"
#include "runtime/message/records.hpp"
#include "runtime/query/instance_reader.hpp"

namespace reprise::runtime {
namespace {

std::string actor_words(turn_services& s, const history_event& step) {
  const address actor{address_kind::actor, step.name, step.key};
  auto words = "actor " + step.name + "/" + step.key;
  if (const auto* type = s.app.find_actor(step.name);
      !type || (step.kind == event_kind::operation && !type->find(step.operation)))
    return words + ", which no code is bound for";
  if (const auto lock = s.locks.find(actor); lock && lock->holder)
    words += ", held by the critical section of instance " + lock->holder->instance + " since " +
             internal::time_text(lock->since);
  return words;
}

std::string waiting_for_a_thread(turn_services& s, const std::string& name) {
  for (const auto& pool : s.activities.pools())
    if (pool.name == name)
      return ", waiting for a thread: " + std::to_string(pool.busy) + " of " +
             std::to_string(pool.threads) + " are busy, " + std::to_string(pool.lost) + " lost";
  return ", waiting for a thread";
}

// The request of a step, which tells its attempts; nullopt if it has none.
using tries = std::optional<records::request>;

std::string attempt_words(const tries& tried, const history_event& step) {
  if (!tried || !tried->last) return "";
  const auto before = "attempt " + std::to_string(tried->attempt - 1) + " of " +
                      std::to_string(step.policy.attempts) + " failed: " + tried->last->text;
  if (tried->due == time_point{}) return ", after " + before;
  return ", not before " + internal::time_text(tried->due) + ", after " + before;
}

std::string activity_words(turn_services& s, const instance_status& page, const history_event& step,
                           const tries& tried) {
  const auto* bound = s.app.find_activity(step.name);
  if (!bound) return "no code is bound for activity " + step.name;
  for (const auto& one : s.activities.of(page.id))
    if (one.step == step.number && !one.due)
      return "attempt " + std::to_string(one.attempt) + " on pool " + bound->pool +
             (one.began ? ", running since " + internal::time_text(*one.began)
                        : waiting_for_a_thread(s, bound->pool)) +
             attempt_words(tried, step) + (one.progress.empty() ? "" : ", says " + one.progress);
  return "attempt " + std::to_string(tried ? tried->attempt : 1) + " on pool " + bound->pool +
         attempt_words(tried, step);
}

std::string child_words(turn_services& s, const instance_status& page, const history_event& step,
                        const tries& tried) {
  auto words = "instance " + internal::child_id(step, page.generation, tried ? tried->attempt : 1);
  if (!s.app.newest_orchestration(step.name))
    words += ", and no code is bound for orchestration " + step.name;
  return words + attempt_words(tried, step);
}

wait_reason reason_of(turn_services& s, const instance_status& page, const history_event& step,
                      const tries& tried) {
  wait_reason reason{describe(step), step.at, {}};
  switch (step.kind) {
    case event_kind::timer:
      reason.owed_by = "the clock, at " + internal::time_text(step.due);
      break;
    case event_kind::operation:
    case event_kind::lock:
      reason.owed_by = actor_words(s, step) + attempt_words(tried, step);
      break;
    case event_kind::activity:
      reason.owed_by = activity_words(s, page, step, tried);
      break;
    case event_kind::child:
      reason.owed_by = child_words(s, page, step, tried);
      break;
    default:
      reason.owed_by = s.app.find_event(step.name)
                           ? "whoever raises the event"
                           : "nobody: event " + step.name +
                                 " is not bound in this program, so it cannot be raised; bind it";
      break;
  }
  if (!tried || !tried->last) return reason;
  reason.attempt = tried->attempt;
  reason.last_failure = tried->last;
  reason.next_attempt = tried->due;
  return reason;
}

// Reasons that concern the instance as a whole. `page` includes the history.
std::vector<wait_reason> reasons_of(turn_services& s, const instance_status& page) {
  std::vector<wait_reason> all;
  if (page.due != time_point{})
    all.push_back(
        {"its time to start", page.created, "the clock, at " + internal::time_text(page.due)});
  if (page.state == instance_state::suspended) {
    const auto last =
        std::find_if(page.history.rbegin(), page.history.rend(),
                     [](const history_event& one) { return one.kind == event_kind::suspended; });
    const auto since = last == page.history.rend() ? page.updated : last->at;
    all.push_back({"being suspended", since, "whoever resumes it"});
  }
  const address self{address_kind::instance, "", page.id};
  if (const auto why = s.letters.refusal(self); why && !is_terminal(page.state))
    all.push_back({"being set aside: " + why->text, page.updated,
                   "whoever mends the code, then runs: deadletter retry " +
                       dead_letters::id_of(letter_of(self))});
  else if (page.state == instance_state::stalled)
    all.push_back(
        {"code that fits its history", page.updated, "a program that binds it: " + page.finding});
  return all;
}

}  // namespace

void explain(turn_services& s, std::string id, std::function<void(result<instance_waits>)> told) {
  load_status(
      s, std::move(id), with_history::yes,
      [&s, told = std::move(told)](result<instance_status> page) {
        if (!page) return told(page.error());
        std::vector<history_event> open;
        persistence::load_request requests;
        for (const auto* step : internal::open_steps(page->history, page->undone)) {
          open.push_back(*step);
          requests.keys.push_back(persistence::keys::request(
              page->id, page->generation.term, page->generation.position, step->number));
        }
        instance_waits waits{page->state, page->finding, reasons_of(s, *page)};
        page->history.clear();
        s.reader.load(
            std::move(requests), [&s, told, open = std::move(open), waits = std::move(waits),
                                  page = *std::move(page)](persistence::load_answer a) mutable {
              if (a.error) return told(failure{cause::unavailable, a.error->text, true});
              for (std::size_t i = 0; i < open.size(); ++i)
                waits.reasons.push_back(
                    reason_of(s, page, open[i],
                              a.values[i] ? records::decode_request(*a.values[i]) : std::nullopt));
              told(std::move(waits));
            });
      });
}

}  // namespace reprise::runtime
