// Critical sections: their rules, and the steps that lock and release actors.

#include <algorithm>

#include "actors/fresh_key.hpp"
#include "actors/orchestration/steps.hpp"

namespace reprise::internal {
namespace {

failure invalid(std::string text) { return {cause::invalid, std::move(text), false}; }

std::string named(const std::string& type, const std::string& key) { return type + "/" + key; }

}  // namespace

std::optional<failure> open_section::refusal(const std::vector<actor_ref>& actors) {
  if (actors.empty()) return invalid("lock: it names no actor");
  if (actors.size() > max_actors_of_section)
    return invalid("lock: more than 1,000 actors (max_actors_of_section)");
  for (const auto& one : actors) {
    if (!is_name(one.type)) return invalid("lock: '" + one.type + "' cannot be a type of actors");
    if (!is_fresh_key(one.key))
      return invalid("lock: '" + one.key + "' cannot be the key of an actor");
  }
  return std::nullopt;
}

void open_section::begin(const std::vector<actor_ref>& sorted) {
  open_ = true;
  actors_ = sorted;
}

void open_section::end() noexcept {
  open_ = false;
  first_.reset();
  actors_.clear();
}

std::unique_ptr<failure> open_section::refusal(const request& what) const {
  if (!open_) return nullptr;
  if (what.kind == request_kind::orchestration)
    return std::make_unique<failure>(invalid("orchestration " + what.name +
                                             " cannot be awaited in a critical section: it might "
                                             "wait for an actor that is locked"));
  if (what.kind != request_kind::operation) return nullptr;
  if (std::binary_search(actors_.begin(), actors_.end(), actor_ref(what.name, what.key)))
    return nullptr;
  return std::make_unique<failure>(invalid(named(what.name, what.key) +
                                           " is not in the critical section: lock it with the "
                                           "others, or call it after the release"));
}

failure open_section::told(const request& what) const {
  return invalid(named(what.name, what.key) +
                 " cannot be told anything in a critical section: call it, or tell it after the "
                 "release");
}

void steps::begin_section(std::vector<actor_ref>& actors) {
  auto& section = seldom().section;
  if (section.open()) throw failed(invalid("lock: a critical section is held already; release it"));
  if (calls_open())
    throw failed(
        invalid("lock: a call of an operation or orchestration is open; await it or "
                "cancel it first"));
  std::sort(actors.begin(), actors.end());
  actors.erase(std::unique(actors.begin(), actors.end()), actors.end());
  if (auto refused = open_section::refusal(actors)) throw failed(*std::move(refused));
  section.begin(actors);
}

ticket steps::lock(const actor_ref& wanted) {
  const auto asked = static_cast<ticket>(cells_.size());
  auto& it = cells_.emplace_back();
  it.number = next_number_;
  if (!running()) return asked;  // never settled: the code stops here
  auto& step = record(event_kind::lock);
  step.name = wanted.type;
  step.key = wanted.key;
  it.kind = step.kind;
  it.names = std::make_unique<const step_names>(step_names{step.name, {}, step.key});
  seldom().section.asked(step.number);
  return asked;
}

void steps::unlock() {
  auto& section = seldom().section;
  if (running() && section.first()) record(event_kind::unlock).target = *section.first();
  section.end();
}

bool steps::calls_open() const noexcept {
  return std::any_of(cells_.begin(), cells_.end(), [](const question& it) {
    return it.state == cell_state::open &&
           (it.kind == event_kind::operation || it.kind == event_kind::child);
  });
}

}  // namespace reprise::internal
