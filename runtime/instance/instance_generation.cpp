// The beginning of a generation: at a start, or by continue-as-new. It is a transition of its own,
// because the generation is named by its position; the code runs in the next one.

#include <algorithm>
#include <iterator>
#include <utility>

#include "persistence/keys.hpp"
#include "persistence/limits.hpp"
#include "runtime/commit/transition.hpp"
#include "runtime/commit/turn_services.hpp"
#include "runtime/instance/instance_host.hpp"

namespace reprise::runtime {

namespace keys = persistence::keys;

// Writes and returns the first events: the start, and events carried over that the previous generation
// did not see. The start is deferred if there are such events, if its time has not come, or if no code
// is bound.
std::vector<history_event> instance_host::begin_generation(transition& t, const payload& input,
                                                           std::vector<history_event> carried) {
  history_event started;
  started.kind = event_kind::started;
  started.at = t.now();
  started.name = header_->orchestration;
  started.value = input;
  if (const auto why = trace()) started.key = stored_trace(why);
  started.deferred = !carried.empty() || header_->due != time_point{} ||
                     !services_.app.find_orchestration(header_->orchestration);
  std::vector<history_event> events{std::move(started)};
  for (auto& e : carried) {
    e.number = events.size();
    e.at = t.now();
    e.deferred = true;
    events.push_back(std::move(e));
  }
  run_.reset();
  open_.clear();
  if (seldom_) seldom_->left_children.clear();
  deferred_.clear();
  if (events.front().deferred) deferred_ = events;
  began_ = t.now();
  header_->generation = t.as_generation();
  header_->status = static_cast<std::uint8_t>(instance_state::pending);
  header_->updated = t.now();
  header_->undone.clear();
  header_->finding.clear();
  header_->outcome.reset();
  header_->open_reads = 0;
  header_->events = next_number_ = events.size();
  const auto chunk = records::encode(events);
  history_bytes_ = chunk.size();
  t.put(keys::instance(self_.key), records::encode(*header_));
  t.put(keys::event(self_.key, header_->generation.term, header_->generation.position, 0), chunk);
  if (header_->due != time_point{}) t.fire_later(header_->generation, 0, header_->due);
  listed_ = needs_a_visit();
  if (listed_) t.put(keys::resend(self_.key), "");  // until the first steps are recorded
  return events;
}

// Called when the beginning is in the log.
void instance_host::run_generation(const std::vector<history_event>& beginning) {
  const auto* code = services_.app.find_orchestration(header_->orchestration);
  if (!code)
    return stall("no orchestration \"" + header_->orchestration + "\" is bound in this program");
  run_.emplace(*code, self_.key, header_->generation);
  for (const auto& e : beginning) run_->feed(e);
  update_footprint();
  run_first();
  feed_deferred();
}

// Continues as new: all of it in the transition of the turn that ended the generation.
std::vector<history_event> instance_host::go_on(transition& t, const history_event& continued) {
  auto carried = run_->take_unseen();
  header_->due = {};
  if (!continued.name.empty()) {
    const auto* code = services_.app.newest_orchestration(continued.name);
    header_->orchestration = code ? code->name : continued.name;
  }
  t.erase_range(keys::history_of(self_.key));
  return begin_generation(t, continued.value, std::move(carried));
}

// Handles the due time of a delayed start.
void instance_host::become_due(message& m) {
  if (header_->due == time_point{}) return;
  transition t(services_, self_, services_.now());
  if (!begin(t)) return;
  t.consume(m);
  t.forget_timer(header_->generation, 0, std::exchange(header_->due, {}));
  t.put(keys::instance(self_.key), records::encode(*header_));
  listed_ = needs_a_visit();
  if (listed_) t.put(keys::resend(self_.key), "");
  t.commit();
  if (is(instance_state::suspended)) return;
  if (!run_ || is(instance_state::stalled)) return read_again();
  feed_deferred();
}

// Lets other hosts run between two slices; messages wait, so that the order stays.
void instance_host::feed_deferred() {
  if (!feed_some()) return;
  load({}, while_loading::blocking, [this](persistence::load_answer) { feed_deferred(); });
}

bool instance_host::feed_some() {
  if (!alive() || !run_ || deferred_.empty() || is(instance_state::suspended) ||
      header_->due != time_point{})
    return false;
  constexpr auto joined = limits::max_bytes_per_turn / 8;
  std::vector<history_event> events;
  std::size_t bytes = 0;
  std::size_t fed = 0;
  while (fed < deferred_.size() && fed < limits::replay_slice && !run_->finished() &&
         bytes < joined) {
    auto next = feed_one(deferred_[fed]);
    const auto more = bytes_of(next);
    if (fed > 0 && bytes + more > joined) {  // one input's steps may fill a whole transition
      if (!commit_fed(fed, std::exchange(events, {}))) return false;
      fed = bytes = 0;
    }
    ++fed;
    bytes += more;
    std::move(next.begin(), next.end(), std::back_inserter(events));
  }
  return commit_fed(fed, std::move(events)) && !deferred_.empty();
}

std::vector<history_event> instance_host::feed_one(const history_event& input) {
  history_event e;
  e.kind = event_kind::fed;
  e.target = input.number;
  e.number = run_->next_number();
  e.at = input.at;
  run_->feed(e);
  auto steps = run_->take_steps();
  steps.insert(steps.begin(), std::move(e));
  return steps;
}

bool instance_host::commit_fed(std::size_t inputs, std::vector<history_event> events) {
  deferred_.erase(deferred_.begin(), deferred_.begin() + static_cast<long>(inputs));
  header_->status = static_cast<std::uint8_t>(instance_state::running);
  const auto generation = header_->generation;
  commit_turn({}, std::move(events));
  return alive() && header_->generation == generation;
}

}  // namespace reprise::runtime
