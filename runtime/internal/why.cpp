#include "runtime/internal/why.hpp"

#include <utility>

#include "actors/internal/open_steps.hpp"
#include "actors/internal/steps.hpp"
#include "actors/internal/text.hpp"
#include "runtime/internal/engine.hpp"
#include "runtime/internal/instance_reader.hpp"

namespace reprise::runtime {
namespace {

using internal::event;
using internal::event_kind;

std::string actor_words(engine& e, const event& step) {
  const address actor{address_kind::actor, step.name, step.key};
  auto words = "actor " + step.name + "/" + step.key;
  if (const auto* type = e.app.find_actor(step.name);
      !type || (step.kind == event_kind::operation && !type->find(step.operation)))
    return words + ", which no code is bound for";
  if (const auto lock = e.locks.find(actor); lock && lock->holder)
    words += ", held by the critical section of instance " + lock->holder->instance + " since " +
             internal::time_text(lock->since);
  return words;
}

std::string waiting_for_a_thread(engine& e, const std::string& name) {
  for (const auto& pool : e.activities.pools())
    if (pool.name == name)
      return ", waiting for a thread: " + std::to_string(pool.busy) + " of " +
             std::to_string(pool.threads) + " are busy, " + std::to_string(pool.lost) + " lost";
  return ", waiting for a thread";
}

std::string activity_words(engine& e, const instance_status& page, const event& step) {
  const auto* bound = e.app.find_activity(step.name);
  if (!bound) return "no code is bound for activity " + step.name;
  for (const auto& one : e.activities.of(page.id))
    if (one.step == step.number)
      return "attempt " + std::to_string(one.attempt) + " on pool " + bound->pool +
             (one.began ? ", running since " + internal::time_text(*one.began)
                        : waiting_for_a_thread(e, bound->pool)) +
             (one.progress.empty() ? "" : ", says " + one.progress);
  return "the next attempt, after a failure, on pool " + bound->pool;
}

wait_reason reason_of(engine& e, const instance_status& page, const event& step) {
  wait_reason reason{internal::describe(step), step.at, {}};
  switch (step.kind) {
    case event_kind::timer:
      reason.owed_by = "the clock, at " + internal::time_text(step.due);
      break;
    case event_kind::operation:
    case event_kind::lock:
      reason.owed_by = actor_words(e, step);
      break;
    case event_kind::activity:
      reason.owed_by = activity_words(e, page, step);
      break;
    case event_kind::child:
      reason.owed_by = "instance " + internal::child_id(step, page.generation, 1);
      break;
    default:
      reason.owed_by = e.app.find_event(step.name)
                           ? "whoever raises the event"
                           : "nobody: event " + step.name +
                                 " is not bound in this program, so it cannot be raised; bind it";
      break;
  }
  return reason;
}

}  // namespace

void explain(engine& e, std::string id, std::function<void(result<instance_waits>)> told) {
  load_status(e, std::move(id), with_history::yes,
              [&e, told = std::move(told)](result<instance_status> page) {
                if (!page) return told(page.error());
                instance_waits waits{page->state, page->finding, {}};
                if (page->due != time_point{})
                  waits.reasons.push_back({"its time to start", page->created,
                                           "the clock, at " + internal::time_text(page->due)});
                if (page->state == instance_state::suspended)
                  waits.reasons.push_back({"being suspended", page->updated, "whoever resumes it"});
                if (page->state == instance_state::stalled)
                  waits.reasons.push_back({"code that fits its history", page->updated,
                                           "a program that binds it: " + page->finding});
                for (const auto* step : internal::open_steps(page->history, page->undone))
                  waits.reasons.push_back(reason_of(e, *page, *step));
                told(std::move(waits));
              });
}

}  // namespace reprise::runtime
