#include "actors/internal/steps.hpp"

#include <algorithm>
#include <cassert>

#include "actors/internal/chance.hpp"
#include "actors/internal/text.hpp"
#include "actors/limits.hpp"

namespace reprise::internal {

steps::steps(std::string id, generation g)
    : id_(std::move(id)), generation_(g), life_(std::make_shared<steps*>(this)) {}

void steps::begin_input(const event& input, time_point now) {
  ++next_number_;
  steps_of_input_ = 0;
  at_ = input.at;
  now_ = now;
}

event& steps::record(event_kind kind) {
  auto& step = taken_.emplace_back();
  step.kind = kind;
  step.number = next_number_++;
  step.at = at_;
  if (++steps_of_input_ >= max_steps_per_input) overrun_ = true;
  return step;
}

namespace {

// What cannot be asked for, whatever its type says: it fails at once and is no step.
std::unique_ptr<failure> refusal(const request& what) {
  auto refused = [](std::string text) {
    return std::make_unique<failure>(failure{cause::invalid, std::move(text), false});
  };
  if (what.kind == request_kind::operation && !is_key(what.key))
    return refused("'" + what.key + "' cannot be the key of an actor");
  if (what.kind == request_kind::orchestration)
    return refused("orchestration " + what.name + " cannot be awaited by an orchestrator");
  return nullptr;
}

}  // namespace

ticket steps::open_cell(request what) {
  auto asked = static_cast<ticket>(cells_.size());
  cells_.emplace_back();
  auto& it = cells_.back();
  if (!running()) return asked;  // never settled: the code goes no further
  auto refused = section_.refusal(what);
  if (!refused) refused = refusal(what);
  if (refused) {
    settle(asked, {}, std::move(refused), ++settled_count_);
    return asked;
  }
  static constexpr event_kind kinds[] = {event_kind::operation, event_kind::activity,
                                         event_kind::operation, event_kind::wait,
                                         event_kind::timer};
  auto& step = record(kinds[static_cast<std::size_t>(what.kind) - 1]);
  step.name = std::move(what.name);
  step.operation = std::move(what.operation);
  step.key = std::move(what.key);
  step.value = std::move(what.input);
  step.policy = what.policy;
  if (what.kind == request_kind::sleep) step.due = later(now_, what.delay);
  it.kind = step.kind;
  it.number = step.number;
  it.label = describe(step);
  if (step.kind == event_kind::timer) it.label += " until " + time_text(step.due);
  by_number_.resize(step.number + 1, no_ticket);
  by_number_[step.number] = asked;
  if (step.kind == event_kind::wait) {
    it.events = &events_[step.name];
    it.events->waits.push_back(asked);
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
    } else if (it.state == cell_state::open && it.events && !it.events->buffer.empty() &&
               it.events->buffer.front().order < soonest) {
      soonest = it.events->buffer.front().order;
      winner = arm;
    }
  }
  if (winner != no_ticket) take_buffered(winner);
}

bool steps::take_buffered(ticket asked) {
  auto* events = cells_[asked].events;
  if (!events || events->buffer.empty()) return false;
  auto oldest = std::move(events->buffer.front());
  events->buffer.pop_front();
  --buffered_;
  events->waits.remove(asked);
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
  if (!waiting_ || it.wait != wait_ || --remaining_ != 0) return;
  transfer(std::exchange(waiting_, {}));
  run();
}

// One frame at a time, each resumed from here: the depth of the stack does not depend on how tasks
// are nested or how often they return without having waited.
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
  if (it.state == cell_state::open) {
    record(event_kind::withdrawn).target = it.number;
    if (it.events) it.events->waits.remove(asked);
  }
  it.state = cell_state::withdrawn;
  it.value = {};
  it.error.reset();
  it.wait = 0;
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
  remaining_ = enough;
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
  return chance(seed_of(id_, generation_.term, generation_.position), ++drawn_);
}

std::string steps::unique_id() {
  return hex(seed_of(id_, 0, 0)) + "-" + std::to_string(generation_.term) + "-" +
         std::to_string(generation_.position) + "-" + std::to_string(++drawn_);
}

void steps::tell(request what) {
  if (what.kind != request_kind::operation)
    throw failed({cause::invalid, "only an operation of an actor can be told", false});
  if (!is_key(what.key))
    throw failed({cause::invalid, "'" + what.key + "' cannot be the key of an actor", false});
  if (section_.open()) throw failed(section_.told(what));
  if (!running()) return;
  auto& step = record(event_kind::tell);
  step.name = std::move(what.name);
  step.operation = std::move(what.operation);
  step.key = std::move(what.key);
  step.value = std::move(what.input);
}

void steps::set_status(std::string json_text) {
  if (running()) record(event_kind::status).value = payload(json_text);
}

bool steps::asks(std::uint64_t number) const noexcept {
  if (shut_ || number >= by_number_.size() || by_number_[number] == no_ticket) return false;
  const auto& asked = cells_[by_number_[number]];
  return asked.state == cell_state::open && asked.kind != event_kind::wait;
}

bool steps::open_step(std::uint64_t number) const noexcept {
  return asks(number) && !cells_[by_number_[number]].answered;
}

void steps::defer_answer(std::uint64_t number) {
  if (asks(number)) cells_[by_number_[number]].answered = true;
}

void steps::answer(const event& input) {
  if (!asks(input.target)) return;
  settle(by_number_[input.target], input.value,
         input.error ? std::make_unique<failure>(*input.error) : nullptr, ++settled_count_);
}

void steps::raise(std::string name, payload value) {
  auto& events = events_[std::move(name)];
  auto order = ++settled_count_;
  if (events.waits.empty()) {
    events.buffer.push_back(raised{order, std::move(value)});
    ++buffered_;
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

std::vector<std::string> steps::waiting_for() const {
  std::vector<std::string> lines;
  if (shut_) return lines;
  for (const auto& it : cells_)
    if (it.state == cell_state::open) lines.push_back(it.label);
  return lines;
}

}  // namespace reprise::internal
