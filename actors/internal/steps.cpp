#include "actors/internal/steps.hpp"

#include <algorithm>
#include <cassert>

#include "actors/fresh_key.hpp"
#include "actors/internal/chance.hpp"
#include "actors/internal/text.hpp"

namespace reprise::internal {

steps::steps(std::string id, generation g, running_body body)
    : id_(std::move(id)),
      generation_(g),
      body_(std::move(body)),
      life_(std::make_shared<steps*>(this)) {}

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
  if (!running()) return asked;  // never settled: the code goes no further
  auto refused = section_.refusal(what);
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
  it.number = step.number;
  it.name = step.name;
  it.operation = step.operation;
  it.key = step.key;
  it.due = step.due;
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
  buffered_bytes_ -= oldest.value.size();
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
  const bool unseen = it.state == cell_state::settled && it.events && it.number != 0;
  if (it.state == cell_state::open || unseen) record(event_kind::withdrawn).target = it.number;
  if (it.state == cell_state::open && it.events) it.events->waits.remove(asked);
  if (unseen) put_back(it);
  it.state = cell_state::withdrawn;
  it.value = {};
  it.error.reset();
  it.wait = 0;
}

// An event that came for a wait which nobody looks at any more: whoever waits next gets it, in its old
// place among the others.
void steps::put_back(question& it) {
  auto& events = *it.events;
  if (!events.waits.empty()) {
    auto oldest = events.waits.front();
    events.waits.pop_front();
    return settle(oldest, std::move(it.value), nullptr, it.order);
  }
  auto later = std::find_if(events.buffer.begin(), events.buffer.end(),
                            [&](const raised& r) { return r.order > it.order; });
  ++buffered_;
  buffered_bytes_ += it.value.size();
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
  if (section_.open() && kind == event_kind::tell) throw failed(section_.told(what));
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
  const auto known = changes_.find(std::string(name));
  if (known != changes_.end()) return known->second;
  bool took = true;
  if (recorded_) {
    const auto next = taken_.size();
    took = next < recorded_->steps.size() ? recorded_->steps[next].kind == event_kind::changed &&
                                                recorded_->steps[next].name == name
                                          : recorded_->last;
  }
  changes_.emplace(name, took);
  if (took) record(event_kind::changed).name = name;
  return took;
}

void steps::continue_as_new(const payload_type& type, payload input) {
  if (body_.in && (body_.in->kind != type.kind || body_.in->name != type.name))
    throw failed({cause::invalid,
                  "continue_as_new: orchestration " + body_.name + " takes " + body_.in->name +
                      ", not " + type.name,
                  false});
  if (!running()) return;
  record(event_kind::continued).value = std::move(input);
  continued_ = true;
}

void steps::continue_as_new(request what) {
  if (what.kind != request_kind::orchestration ||
      orchestration_name(what.name).base != orchestration_name(body_.name).base)
    throw failed({cause::invalid,
                  "continue_as_new: an instance of " + body_.name + " cannot go on as " + what.name,
                  false});
  if (!running()) return;
  auto& step = record(event_kind::continued);
  step.name = std::move(what.name);
  step.value = std::move(what.input);
  continued_ = true;
}

void steps::log(std::string line) {
  if (running() && !recorded_) lines_.push_back(std::move(line));
}

std::vector<event> steps::unseen() const {
  std::vector<std::pair<std::uint64_t, event>> found;
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
    if (it.events && it.state == cell_state::settled) add(it.name, it.order, it.value);
  std::sort(found.begin(), found.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<event> events;
  for (auto& [order, e] : found) events.push_back(std::move(e));
  return events;
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

void steps::want_again(std::uint64_t number) {
  if (asks(number)) cells_[by_number_[number]].answered = false;
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
    buffered_bytes_ += events.buffer.back().value.size();
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
  for (const auto& it : cells_) {
    if (it.state != cell_state::open) continue;
    event step;
    step.kind = it.kind;
    step.name = it.name;
    step.operation = it.operation;
    step.key = it.key;
    lines.push_back(describe(step));
    if (it.kind == event_kind::timer) lines.back() += " until " + time_text(it.due);
  }
  return lines;
}

}  // namespace reprise::internal
