#include "actors/orchestration/rewind_plan.hpp"

#include <algorithm>
#include <string>

#include "actors/bindings.hpp"
#include "actors/orchestration/open_steps.hpp"
#include "actors/orchestration/orchestration_run.hpp"
#include "actors/orchestration/steps.hpp"

namespace reprise::internal {
namespace {

class planner {
 public:
  planner(const std::vector<history_event>& history, const std::vector<std::uint64_t>& undone)
      : history_(history), undone_before_(undone) {
    plan_.undone = undone;
  }

  result<rewind_plan> plan() {
    auto last = history_.size();
    while (last > 0 && !runs_code(history_[last - 1])) --last;
    if (last == 0) return failure{cause::invalid, "nothing has run that could run again", false};
    if (auto refused = outside_sections(); !refused) return refused.error();
    if (auto refused = take_back_steps(last); !refused) return refused.error();
    if (auto refused = reopen_what_was_left(last); !refused) return refused.error();
    bool failures = take_back_input(last - 1);
    // Failures just before it that led to no step: the code reacted to all of them at once.
    for (auto i = last - 1; i-- > 0 && is_input(history_[i].kind);)
      if (runs_code(history_[i]) && failed_answer(history_[i])) failures |= take_back_input(i);
    const auto& given = history_[last - 1];
    if (!failures) plan_.given_again = given.kind == event_kind::fed ? given.target : given.number;
    std::sort(plan_.undone.begin(), plan_.undone.end());
    std::sort(plan_.reopened.begin(), plan_.reopened.end());
    return std::move(plan_);
  }

 private:
  bool undone(std::uint64_t number) const {
    return std::find(plan_.undone.begin(), plan_.undone.end(), number) != plan_.undone.end();
  }
  bool runs_code(const history_event& e) const {
    return is_input(e.kind) && !e.deferred && !undone(e.number) &&
           e.kind != event_kind::suspended && e.kind != event_kind::resumed &&
           e.kind != event_kind::rewound;
  }
  // Returns the answer, or the answer that was fed; null if it is not a failed answer.
  const history_event* failed_answer(const history_event& e) const {
    const history_event& answer = e.kind == event_kind::fed ? history_[e.target] : e;
    return answer.kind == event_kind::answered && answer.error ? &answer : nullptr;
  }

  // The actors that the instance held were released when it failed, so others would see the rest of
  // its section half done.
  result<> outside_sections() const {
    const history_event* held = nullptr;
    for (const auto& e : history_) {
      if (undone(e.number)) continue;
      if (e.kind == event_kind::lock) held = &e;
      if (e.kind == event_kind::unlock) held = nullptr;
    }
    if (held)
      return failure{
          cause::invalid,
          "cannot be rewound: it failed inside a critical section (" + describe(*held) + ")",
          false};
    return done;
  }

  // Returns true if the input was a failed answer.
  bool take_back_input(std::size_t i) {
    plan_.undone.push_back(i);
    const auto* answer = failed_answer(history_[i]);
    if (answer) {
      plan_.reopened.push_back(answer->target);
      plan_.failed.push_back(answer->target);
    }
    return answer != nullptr;
  }

  // Takes back the steps of the last turn, from `first` on: its completion and its withdrawals.
  result<> take_back_steps(std::size_t first) {
    for (auto i = first; i < history_.size(); ++i) {
      const auto& step = history_[i];
      if (is_input(step.kind) || undone(i)) continue;
      if (step.kind == event_kind::withdrawn) {
        const auto& asked = history_[step.target];
        if (asked.kind == event_kind::operation || asked.kind == event_kind::child)
          return cannot(step, describe(asked) + " was given up");
        if (asked.kind != event_kind::wait) plan_.reopened.push_back(step.target);
      } else if (step.kind != event_kind::completed && step.kind != event_kind::status) {
        return cannot(step, describe(step) + " was done");
      }
      plan_.undone.push_back(i);
    }
    return done;
  }

  // Reopens steps that were still open at the completion. Normal code withdraws what it waits for
  // before it ends; code that exceeded a limit was stopped, and its answers were dropped. Reads
  // without a record are sent again when the instance is loaded.
  result<> reopen_what_was_left(std::size_t first) {
    for (auto end = first; end < history_.size(); ++end) {
      if (history_[end].kind != event_kind::completed) continue;
      if (std::binary_search(undone_before_.begin(), undone_before_.end(), end)) continue;
      const std::vector<history_event> before(history_.begin(),
                                              history_.begin() + static_cast<long>(end));
      for (const auto* left : open_steps(before, undone_before_)) {
        if (left->kind == event_kind::wait || left->unlogged) continue;
        if (left->kind == event_kind::operation || left->kind == event_kind::child)
          return cannot(history_[end], describe(*left) + " was given up");
        plan_.reopened.push_back(left->number);
      }
    }
    return done;
  }

  static failure cannot(const history_event& step, const std::string& why) {
    return {cause::invalid,
            "cannot be rewound: event " + std::to_string(step.number) +
                " came after the failure, and what it did cannot be taken back: " + why,
            false};
  }

  const std::vector<history_event>& history_;
  const std::vector<std::uint64_t>& undone_before_;
  rewind_plan plan_;
};

std::string numbered(const history_event& e, const std::string& words) {
  return "event " + std::to_string(e.number) + ", " + words;
}

// Returns the last failure that the code received and went on from; null if there was none.
const history_event* survived_failure(const std::vector<history_event>& history) {
  const auto last = std::find_if(history.rbegin(), history.rend(), [](const history_event& e) {
    return e.kind == event_kind::answered && e.error;
  });
  return last == history.rend() ? nullptr : &*last;
}

// Says what was looked at, for the operator.
failure nothing_undone(const std::vector<history_event>& history, const history_event& given,
                       const history_event* survived, const failure& end) {
  const auto given_words = given.kind == event_kind::answered
                               ? "the answer of " + describe(history[given.target])
                               : describe(given);
  const auto before =
      survived ? "it has gone on from " +
                     numbered(*survived, "the failure of " + describe(history[survived->target])) +
                     ", and what it did since stands"
               : "no step of it has failed: its code did, by itself";
  return {cause::nothing_undone,
          "a rewind would change nothing: " + numbered(given, given_words) +
              ", is the last that the code was given, it did not fail, and given it again the code "
              "ends as it did: \"" +
              end.text + "\"; " + before + ". Change the code, or start the instance anew",
          false};
}

}  // namespace

std::optional<std::vector<history_event>> tried_again(const rewind_plan& plan,
                                                      const std::vector<history_event>& history,
                                                      const bound_orchestration& code,
                                                      const std::string& id, generation g) {
  orchestration_run run(code, id, g);
  run.undo(plan.undone);
  for (const auto& e : history) run.replay(e);
  run.replayed();
  if (run.diverged()) return std::nullopt;
  history_event again;
  again.kind = event_kind::fed;
  again.target = *plan.given_again;
  again.number = run.next_number();
  again.at = history[*plan.given_again].at;
  run.feed(again);
  if (run.diverged()) return std::nullopt;
  return run.take_steps();
}

result<> changes_something(const rewind_plan& plan, const std::vector<history_event>& history,
                           const std::vector<history_event>& again) {
  const auto& end = history.back().error;
  const bool as_before = end && !again.empty() && again.back().kind == event_kind::completed &&
                         again.back().error == end;
  if (!as_before) return done;
  return nothing_undone(history, history[*plan.given_again], survived_failure(history), *end);
}

result<rewind_plan> plan_rewind(const std::vector<history_event>& history,
                                const std::vector<std::uint64_t>& undone) {
  return planner(history, undone).plan();
}

}  // namespace reprise::internal
