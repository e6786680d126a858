#include "actors/orchestration/steps.hpp"

#include <algorithm>
#include <cassert>

#include "actors/actor/chance.hpp"
#include "actors/actor/text.hpp"
#include "actors/fresh_key.hpp"
#include "actors/value.hpp"

namespace reprise::internal {

void* new_frame(std::size_t size) {
  auto* made = ::operator new(size);
  counted_bytes() += static_cast<std::ptrdiff_t>(size);
  return made;
}

void free_frame(void* frame, std::size_t size) noexcept {
  counted_bytes() -= static_cast<std::ptrdiff_t>(size);
  ::operator delete(frame);
}

steps::steps(std::string id, generation g, running_body body)
    : id_(std::move(id)), generation_(g), body_(body) {
  // There is one `steps` for each waiting instance and one `question` for each step it ever took.
  // Rarely needed state goes to `seldom_used`.
  static_assert(sizeof(steps) <= 272 && sizeof(question) <= 64);
}

steps::seldom_used& steps::seldom() {
  if (!seldom_) seldom_ = std::make_unique<seldom_used>();
  return *seldom_;
}

std::weak_ptr<steps*> steps::life() {
  auto& life = seldom().life;
  if (!life) life = std::make_shared<steps*>(this);
  return life;
}

std::vector<std::string> steps::take_lines() {
  return seldom_ ? std::exchange(seldom_->lines, {}) : std::vector<std::string>();
}

void steps::begin_input(const history_event& input, time_point now) {
  ++next_number_;
  steps_of_input_ = 0;
  at_ = input.at;
  now_ = now;
}

history_event& steps::record(event_kind kind) {
  auto& step = taken_.emplace_back();
  step.kind = kind;
  step.number = next_number_++;
  step.at = at_;
  if (++steps_of_input_ >= max_steps_per_input) overrun_ = true;
  return step;
}

namespace {

// Refuses what cannot be asked for, whatever its type: it fails at once and is not a step.
std::unique_ptr<failure> refusal(const request& what) {
  auto refused = [](std::string text) {
    return std::make_unique<failure>(failure{cause::invalid, std::move(text), false});
  };
  if (what.kind == request_kind::operation && !is_fresh_key(what.key))
    return refused("'" + what.key + "' cannot be the key of an actor");
  if (what.kind == request_kind::orchestration && !what.key.empty() && !is_fresh_key(what.key))
    return refused("'" + what.key + "' cannot be the id of an instance");
  return nullptr;
}

}  // namespace

ticket steps::open_cell(request what) {
  auto asked = static_cast<ticket>(cells_.size());
  cells_.emplace_back();
  auto& it = cells_.back();
  it.number = next_number_;
  if (!running()) return asked;  // never settled: the code stops here
  auto refused = seldom_ ? seldom_->section.refusal(what) : nullptr;
  if (!refused) refused = refusal(what);
  if (refused) {
    settle(asked, {}, std::move(refused), ++settled_count_);
    return asked;
  }
  static constexpr event_kind kinds[] = {event_kind::operation, event_kind::activity,
                                         event_kind::child, event_kind::wait, event_kind::timer};
  auto& step = record(kinds[static_cast<std::size_t>(what.kind) - 1]);
  step.name = std::move(what.name);
  step.operation = std::move(what.operation);
  step.key = std::move(what.key);
  step.value = std::move(what.input);
  step.policy = what.policy;
  step.timeout = std::max(what.timeout, duration::zero());
  if (what.kind == request_kind::sleep) step.due = later(now_, what.delay);
  it.kind = step.kind;
  it.due = step.due;
  if (step.kind == event_kind::wait) {
    it.events = &*events_.try_emplace(step.name).first;
    it.events->second.waits.push_back(asked);
  } else if (step.kind != event_kind::timer) {
    it.names = std::make_unique<const step_names>(step_names{step.name, step.operation, step.key});
  }
  return asked;
}

ticket steps::open(request what) {
  auto asked = open_cell(std::move(what));
  take_buffered(asked);
  return asked;
}

void steps::open_arm(request what, std::vector<ticket>& arms) {
  arms.push_back(open_cell(std::move(what)));
}

void steps::start_race(std::span<const ticket> arms) {
  auto soonest = ~std::uint64_t{0};
  auto winner = no_ticket;
  for (auto arm : arms) {
    if (arm == no_ticket) continue;
    const auto& it = cells_[arm];
    if (it.state == cell_state::settled && it.order < soonest) {
      soonest = it.order;
      winner = no_ticket;
    } else if (it.state == cell_state::open && it.events && !it.events->second.buffer.empty() &&
               it.events->second.buffer.front().order < soonest) {
      soonest = it.events->second.buffer.front().order;
      winner = arm;
    }
  }
  if (winner != no_ticket) take_buffered(winner);
}

bool steps::take_buffered(ticket asked) {
  auto* named = cells_[asked].events;
  if (!named || named->second.buffer.empty()) return false;
  auto& events = named->second;
  auto oldest = std::move(events.buffer.front());
  events.buffer.pop_front();
  --buffered_;
  buffered_bytes_ -= static_cast<std::uint32_t>(oldest.value.size());
  events.waits.remove(asked);
  settle(asked, std::move(oldest.value), nullptr, oldest.order);
  return true;
}

void steps::settle(ticket asked, payload outcome, std::unique_ptr<failure> error,
                   std::uint64_t order) {
  auto& it = cells_[asked];
  it.state = cell_state::settled;
  it.value = std::move(outcome);
  it.error = std::move(error);
  it.order = order;
  it.names.reset();
  if (!waiting_ || it.wait != wait_ || --remaining_ != 0) return;
  transfer(std::exchange(waiting_, {}));
  run();
}

// Resumes one frame at a time, always from here: the depth of the stack does not depend on how
// tasks are nested or how often they return without waiting.
void steps::run() {
  while (next_) std::exchange(next_, {}).resume();
}

bool steps::settled(ticket asked) const noexcept {
  return asked == no_ticket || cells_[asked].state == cell_state::settled;
}

result<payload> steps::take(ticket asked) {
  if (asked == no_ticket)
    return failure{cause::invalid, "this pending was awaited or cancelled before", false};
  auto& it = cells_[asked];
  assert(it.state == cell_state::settled);
  it.state = cell_state::taken;
  auto error = std::move(it.error);
  auto outcome = std::exchange(it.value, {});
  if (error) return std::move(*error);
  return outcome;
}

void steps::withdraw(ticket asked) {
  if (asked == no_ticket || !running()) return;
  auto& it = cells_[asked];
  const bool unseen = it.state == cell_state::settled && it.events;
  if (it.state == cell_state::open || unseen) record(event_kind::withdrawn).target = it.number;
  if (it.state == cell_state::open && it.events) it.events->second.waits.remove(asked);
  if (unseen) put_back(it);
  it.state = cell_state::withdrawn;
  it.value = {};
  it.error.reset();
  it.names.reset();
  it.wait = 0;
}

// Returns an event that came for a withdrawn wait to the next wait, or to its old place in the buffer.
void steps::put_back(question& it) {
  auto& events = it.events->second;
  if (!events.waits.empty()) {
    auto oldest = events.waits.front();
    events.waits.pop_front();
    return settle(oldest, std::move(it.value), nullptr, it.order);
  }
  auto later = std::find_if(events.buffer.begin(), events.buffer.end(),
                            [&](const raised& r) { return r.order > it.order; });
  ++buffered_;
  buffered_bytes_ += static_cast<std::uint32_t>(it.value.size());
  events.buffer.insert(later, raised{it.order, std::move(it.value)});
}

std::size_t steps::first_settled(std::span<const ticket> asked) const noexcept {
  auto found = asked.size();
  auto soonest = ~std::uint64_t{0};
  for (std::size_t i = 0; i < asked.size(); ++i) {
    if (asked[i] == no_ticket || cells_[asked[i]].state != cell_state::settled) continue;
    if (cells_[asked[i]].order >= soonest) continue;
    soonest = cells_[asked[i]].order;
    found = i;
  }
  return found;
}

void steps::wait(std::coroutine_handle<> frame, std::span<const ticket> asked, std::size_t enough) {
  waiting_ = frame;
  ++wait_;
  remaining_ = static_cast<std::uint32_t>(enough);
  for (auto one : asked)
    if (one != no_ticket) cells_[one].wait = wait_;
}

void steps::wait_all(std::coroutine_handle<> frame, std::span<const ticket> asked) {
  std::size_t unsettled = 0;
  for (auto one : asked) unsettled += !settled(one);
  wait(frame, asked, unsettled);
}

void steps::wait_any(std::coroutine_handle<> frame, std::span<const ticket> asked) {
  wait(frame, asked, 1);
}

std::uint64_t steps::random() noexcept {
  return chance(seed_of(id_, generation_.term, generation_.position), ++seldom().drawn);
}

std::string steps::unique_id() {
  return hex(seed_of(id_, 0, 0)) + "-" + std::to_string(generation_.term) + "-" +
         std::to_string(generation_.position) + "-" + std::to_string(++seldom().drawn);
}

void steps::tell(request what, time_point due) {
  auto refuse = [](std::string text) { throw failed({cause::invalid, std::move(text), false}); };
  event_kind kind{};
  switch (what.kind) {
    case request_kind::operation:
      kind = event_kind::tell;
      break;
    case request_kind::event:
      kind = event_kind::signal;
      break;
    case request_kind::orchestration:
      kind = event_kind::launch;
      break;
    default:
      refuse("only an operation, an event and the start of an orchestration can be told");
  }
  const bool derived = kind == event_kind::launch && what.key.empty();
  if (!derived && !is_fresh_key(what.key)) refuse("'" + what.key + "' cannot be a key or an id");
  if (seldom_ && seldom_->section.open() && kind == event_kind::tell)
    throw failed(seldom_->section.told(what));
  if (!running()) return;
  auto& step = record(kind);
  step.name = std::move(what.name);
  step.operation = std::move(what.operation);
  step.key = std::move(what.key);
  step.value = std::move(what.input);
  step.due = due;
}

bool steps::changed(std::string_view name) {
  if (!running()) return false;
  auto& changes = seldom().changes;
  const auto known = changes.find(std::string(name));
  if (known != changes.end()) return known->second;
  bool took = true;
  if (recorded_) {
    const auto next = taken_.size();
    took = next < recorded_->steps.size() ? recorded_->steps[next].kind == event_kind::changed &&
                                                recorded_->steps[next].name == name
                                          : recorded_->last;
  }
  changes.emplace(name, took);
  if (took) record(event_kind::changed).name = name;
  return took;
}

void steps::continue_as_new(const payload_type& type, payload input) {
  if (body_.in && (body_.in->kind != type.kind || body_.in->name != type.name))
    throw failed({cause::invalid,
                  "continue_as_new: orchestration " + std::string(body_.name) + " takes " +
                      body_.in->name + ", not " + type.name,
                  false});
  if (!running()) return;
  record(event_kind::continued).value = std::move(input);
  continued_ = true;
}

void steps::continue_as_new(request what) {
  if (what.kind != request_kind::orchestration ||
      orchestration_name(what.name).base != orchestration_name(body_.name).base)
    throw failed({cause::invalid,
                  "continue_as_new: an instance of " + std::string(body_.name) +
                      " cannot go on as " + what.name,
                  false});
  if (!running()) return;
  auto& step = record(event_kind::continued);
  step.name = std::move(what.name);
  step.value = std::move(what.input);
  continued_ = true;
}

void steps::log(std::string line) {
  if (running() && !recorded_) seldom().lines.push_back(std::move(line));
}

std::vector<history_event> steps::unseen() const {
  std::vector<std::pair<std::uint64_t, history_event>> found;
  const auto add = [&](const std::string& name, std::uint64_t order, const payload& value) {
    auto& [at, e] = found.emplace_back();
    at = order;
    e.kind = event_kind::raised;
    e.name = name;
    e.value = value;
  };
  for (const auto& [name, events] : events_)
    for (const auto& one : events.buffer) add(name, one.order, one.value);
  for (const auto& it : cells_)
    if (it.events && it.state == cell_state::settled) add(it.events->first, it.order, it.value);
  std::sort(found.begin(), found.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<history_event> events;
  for (auto& [order, e] : found) events.push_back(std::move(e));
  return events;
}

void steps::set_status(std::string json_text) {
  if (running()) record(event_kind::status).value = payload(json_text);
}

// A question without a step has the number of the next step, and stands before it in `cells_`.
ticket steps::find(std::uint64_t number) const noexcept {
  if (shut_) return no_ticket;
  const auto beyond =
      std::upper_bound(cells_.begin(), cells_.end(), number,
                       [](std::uint64_t n, const question& it) { return n < it.number; });
  if (beyond == cells_.begin()) return no_ticket;
  const auto& asked = *std::prev(beyond);
  const bool open = asked.number == number && asked.state == cell_state::open &&
                    asked.kind != event_kind::wait && asked.kind != event_kind{};
  return open ? static_cast<ticket>(beyond - cells_.begin() - 1) : no_ticket;
}

bool steps::open_step(std::uint64_t number) const noexcept {
  const auto asked = find(number);
  return asked != no_ticket && !cells_[asked].answered;
}

void steps::defer_answer(std::uint64_t number) {
  if (const auto asked = find(number); asked != no_ticket) cells_[asked].answered = true;
}

void steps::want_again(std::uint64_t number) {
  if (const auto asked = find(number); asked != no_ticket) cells_[asked].answered = false;
}

void steps::answer(const history_event& input) {
  const auto asked = find(input.target);
  if (asked == no_ticket) return;
  settle(asked, input.value, input.error ? std::make_unique<failure>(*input.error) : nullptr,
         ++settled_count_);
}

void steps::raise(std::string name, payload value) {
  auto& events = events_[std::move(name)];
  auto order = ++settled_count_;
  if (events.waits.empty()) {
    events.buffer.push_back(raised{order, std::move(value)});
    ++buffered_;
    buffered_bytes_ += static_cast<std::uint32_t>(events.buffer.back().value.size());
    return;
  }
  auto oldest = events.waits.front();
  events.waits.pop_front();
  settle(oldest, std::move(value), nullptr, order);
}

void steps::complete(result<payload> outcome) {
  auto& step = record(event_kind::completed);
  if (outcome)
    step.value = *std::move(outcome);
  else
    step.error = outcome.error();
}

void steps::shut() noexcept {
  shut_ = true;
  waiting_ = {};
  next_ = {};
}

std::size_t steps::footprint() const noexcept {
  constexpr auto of_a_name = sizeof(channels::value_type) + 4 * sizeof(void*)  // and its node
                             + 3 * sizeof(void*);                              // a wait
  return cells_.capacity() * sizeof(question) + taken_.capacity() * sizeof(history_event) +
         events_.size() * of_a_name + buffered_ * sizeof(raised) + buffered_bytes_ + kept_bytes_ +
         (seldom_ ? sizeof(seldom_used) : 0);
}

std::vector<std::string> steps::waiting_for() const {
  std::vector<std::string> lines;
  if (shut_) return lines;
  for (const auto& it : cells_) {
    if (it.state != cell_state::open) continue;
    history_event step;
    step.kind = it.kind;
    if (it.events) step.name = it.events->first;
    if (it.names) {
      step.name = it.names->name;
      step.operation = it.names->operation;
      step.key = it.names->key;
    }
    lines.push_back(describe(step));
    if (it.kind == event_kind::timer) lines.back() += " until " + time_text(it.due);
  }
  return lines;
}

}  // namespace reprise::internal
