// Turns what an orchestration requests into records and messages; answers close what they opened.

#include <algorithm>
#include <cassert>
#include <iterator>
#include <utility>

#include "actors/actor/text.hpp"
#include "actors/orchestration/child_id.hpp"
#include "persistence/keys.hpp"
#include "persistence/limits.hpp"
#include "runtime/commit/transition.hpp"
#include "runtime/commit/turn_services.hpp"
#include "runtime/instance/instance_host.hpp"
#include "runtime/instance_types.hpp"

namespace reprise::runtime {

namespace keys = persistence::keys;

namespace {

// Returns the limit that a turn's events exceed, or null. What the transition adds to them is counted
// there. The limits on history do not apply to a turn that ends the generation, as nothing follows.
const char* passed_limit(const std::vector<history_event>& events, std::size_t bytes,
                         std::uint64_t before, std::size_t bytes_before) {
  if (events.size() > limits::max_messages_per_turn) return "max_messages_per_turn";
  if (bytes > limits::max_bytes_per_turn) return "max_bytes_per_turn";
  if (!events.empty() && events.back().kind == event_kind::completed) return nullptr;
  if (before + events.size() > limits::max_history_events) return "max_history_events";
  if (bytes_before + bytes > limits::max_history_bytes) return "max_history_bytes";
  return nullptr;
}

history_event failed_over(const char* limit, std::uint64_t number, time_point now) {
  history_event failed;
  failed.kind = event_kind::completed;
  failed.number = number;
  failed.at = now;
  failed.error = failure{
      cause::limit,
      std::string("the orchestration passed ") + limit + "; continue_as_new begins a new history",
      false};
  return failed;
}

// True for the final failure that is used when nothing else fits.
bool is_of_limit(const std::vector<history_event>& events) noexcept {
  return events.size() == 1 && events.front().error && events.front().error->why == cause::limit &&
         events.front().error->text.size() <= limits::kept_failure_bytes;
}

}  // namespace

std::size_t instance_host::bytes_of(const std::vector<history_event>& events) noexcept {
  std::size_t bytes = 0;
  for (const auto& e : events)
    bytes += e.value.size() + e.name.size() + e.operation.size() + e.key.size() +
             (e.error ? e.error->text.size() : 0) + 64;
  return bytes;
}

void instance_host::cut_to_limits(std::vector<history_event>& events, std::uint64_t before,
                                  std::size_t bytes_before, time_point now) {
  if (const auto* limit = passed_limit(events, bytes_of(events), before, bytes_before))
    events.assign(1, failed_over(limit, before, now));
}

// Commits the events together with the inputs held before.
void instance_host::commit_turn(message_ptr m, std::vector<history_event> events,
                                std::vector<message_ptr> held) {
  if (held_ && bytes_of(events) > joined_bytes) settle();
  if (over_limit()) {  // the held inputs exceeded a limit
    if (m) seldom_->over_limit->push_back(std::move(m));
    return;
  }
  if (const auto before = std::exchange(held_, nullptr)) {
    assert(held.empty() && "what is joined comes to an instance that holds nothing");
    held = std::move(before->messages);
    before->events.insert(before->events.end(), std::make_move_iterator(events.begin()),
                          std::make_move_iterator(events.end()));
    events = std::move(before->events);
    next_number_ = events.front().number;
  }
  cut_to_limits(events, next_number_, history_bytes_, services_.now());
  transition t(services_, self_, services_.now());
  if (!begin(t)) return;
  const auto each_message = [&](auto use) {
    for (const auto& h : held) use(*h);
    if (m) use(*m);
  };
  each_message([&](const message& one) {
    t.consume(one);
    if (one.trace) report_raised(t, one);
  });
  t.carry(run_trace());
  header_->updated = t.now();
  for (auto& e : events) {
    if (e.kind == event_kind::operation) e.unlogged = has_no_record(e);
    perform(t, e);
    next_number_ = e.number + 1;
  }
  say_lines(t);
  std::vector<history_event> beginning;
  const bool goes_on = !events.empty() && events.back().kind == event_kind::continued;
  if (goes_on)
    beginning = go_on(t, events.back());
  else
    record(t, events);
  if (!t.fits() && !is_of_limit(events)) return take_back(t, std::move(m), std::move(held));
  if (m && m->once) write_dedup(t, self_, once_scope(*m), *m->once, payload{});
  each_message([&](message& one) { t.answer(one, payload{}); });
  auto next = commit_log::followed::no;
  if (!goes_on)
    for (const auto& e : events)
      if (const auto open = open_.find(e.number);
          e.kind == event_kind::activity && open != open_.end())  // else withdrawn in the same turn
        if (start_activity(t, e.number, open->second) == begins::at_once)
          next = commit_log::followed::at_once;
  t.commit(next);
  forget_left_timers();
  if (!goes_on) return update_footprint();
  // Yields before the next generation, so that an instance that never waits cannot starve others; its
  // messages wait until then.
  load({}, while_loading::blocking,
       [this, beginning = std::move(beginning)](persistence::load_answer) {
         run_generation(beginning);
       });
}

// Undoes the turn. The host's own changes are not undone one by one: everything is read again.
void instance_host::take_back(transition& t, message_ptr m, std::vector<message_ptr> held) {
  t.take_back();
  t.commit();
  seldom().left_timers.clear();
  seldom_->over_limit = std::move(held);
  if (m) seldom_->over_limit->push_back(std::move(m));
  read_again();
}

void instance_host::end_over_limit() {
  auto brought = *std::exchange(seldom_->over_limit, std::nullopt);
  message_ptr last;
  if (!brought.empty()) {
    last = std::move(brought.back());
    brought.pop_back();
  }
  run_.reset();
  commit_turn(std::move(last), {failed_over("max_bytes_per_turn", next_number_, services_.now())},
              std::move(brought));
}

// Puts the events, the header and the entry in the list of instances to visit.
void instance_host::record(transition& t, const std::vector<history_event>& events) {
  if (!events.empty()) {
    auto chunk = records::encode(events);
    history_bytes_ += chunk.size();
    t.put(keys::event(self_.key, header_->generation.term, header_->generation.position,
                      events.front().number),
          chunk);
  }
  header_->events = next_number_;
  t.put(keys::instance(self_.key), records::encode(*header_));
  const bool visit = needs_a_visit();
  if (visit && !listed_) t.put(keys::resend(self_.key), "");
  if (!visit && listed_) t.erase(keys::resend(self_.key));
  listed_ = visit;
}

instance_host::begins instance_host::start_activity(transition& t, std::uint64_t step,
                                                    const open_step& open) {
  const auto& call = open.what.call();
  const records::request request{.attempt = open.attempt,
                                 .began = open.began,
                                 .last = open.last,
                                 .what = call,
                                 .trace = run_trace(),
                                 .round = open.round};
  const auto* bound = services_.app.find_activity(call.name);
  // While crashes are counted, what crashes must have a record.
  if (bound && bound->speculative && !services_.letters.any()) {
    services_.activities.start_ahead(self_.key, header_->generation, step, request);
    return begins::at_once;
  }
  services_.activities.announce(self_.key, header_->generation, step, open.attempt);
  t.leave(
      [&s = services_, id = self_.key, g = header_->generation, step, request](commit_outcome o) {
        if (o == commit_outcome::durable)
          s.activities.start(id, g, step, request);
        else
          s.activities.forget(id, g, step, request.attempt);
      });
  return begins::when_durable;
}

// Lists the attempt from now on, unless its record does not become durable.
void instance_host::announce_back_off(transition& t, std::uint64_t step, const open_step& open) {
  services_.activities.back_off(
      self_.key, header_->generation, step,
      records::request{.attempt = open.attempt, .due = open.retry_at, .what = open.what.call()});
  t.leave([&s = services_, id = self_.key, g = header_->generation, step,
           attempt = open.attempt](commit_outcome o) {
    if (o != commit_outcome::durable) s.activities.forget(id, g, step, attempt);
  });
}

// Logs the code's lines when its turn is durable, so that a lost turn logs nothing.
void instance_host::say_lines(transition& t) {
  if (!run_) return;
  auto lines = run_->take_lines();
  if (lines.empty()) return;
  t.leave([&s = services_, id = self_.key, lines = std::move(lines)](commit_outcome o) {
    if (o != commit_outcome::durable) return;
    for (const auto& line : lines)
      s.observer.say(log_level::info, "instance " + id + ": " + line, id);
  });
}

void instance_host::perform(transition& t, const history_event& e) {
  switch (e.kind) {
    case event_kind::operation:
    case event_kind::activity:
    case event_kind::child:
      ask(t, e);
      break;
    case event_kind::timer: {
      open_[e.number].what = e;
      t.fire_later(header_->generation, e.number, e.due);
      break;
    }
    case event_kind::lock:
      open_[e.number].what = e;
      section_.follow(e);
      t.send({address_kind::actor, e.name, e.key}, lock_body{}, waiting(e.number));
      break;
    case event_kind::wait:
      if (!services_.app.find_event(e.name))
        services_.observer.say(log_level::warning,
                               "instance " + self_.key + " waits for event " + e.name +
                                   ", which this program does not bind: nobody can raise it",
                               self_.key);
      break;
    case event_kind::unlock:
      release_section(t);
      break;
    case event_kind::answered:
      section_.follow(e);
      close_step(t, e.target, end_of_step::answered);
      break;
    case event_kind::withdrawn:
      close_step(t, e.target, end_of_step::withdrawn);
      break;
    case event_kind::tell:
      tell(t, e);
      break;
    case event_kind::launch:
      t.send({address_kind::instance, "", internal::child_id(e, header_->generation, 1)},
             start_body{e.name, e.value});
      break;
    case event_kind::signal:
      t.send({address_kind::instance, "", e.key}, raised_body{e.name, e.value});
      break;
    case event_kind::status:
      header_->custom_status = std::string(e.value.bytes());
      break;
    case event_kind::completed:
      end(t, e);
      break;
    case event_kind::continued:
      close_all(t);
      report_end(t, e, false);
      break;
    case event_kind::started:  // inputs: recorded in the history, nothing else to do
    case event_kind::raised:
    case event_kind::fed:
    case event_kind::suspended:
    case event_kind::resumed:
    case event_kind::rewound:
    case event_kind::changed:
      break;
  }
}

// True for a call of a read or of a transient operation. Decided once per step, whatever is bound
// later.
bool instance_host::has_no_record(const history_event& e) const {
  const auto* type = services_.app.find_actor(e.name);
  const auto* operation = type ? type->find(e.operation) : nullptr;
  return operation &&
         (operation->transient || (operation->read_only && e.kind == event_kind::operation));
}

void instance_host::tell(transition& t, const history_event& e) {
  address to{address_kind::actor, e.name, e.key};
  call_body call{e.operation, e.value};
  if (has_no_record(e)) return t.send_unlogged(std::move(to), std::move(call), {}, e.due);
  t.send(std::move(to), std::move(call), {}, e.due);
}

// Makes the first attempt at a step that wants an answer.
void instance_host::ask(transition& t, const history_event& e) {
  auto& open = open_[e.number];
  open.what = e;
  open.began = open.queued = t.now();
  set_deadline(t, e.number, open);
  open.stored = e.kind == event_kind::activity || open.deadline != time_point{};
  if (open.stored) store_request(t, e.number, open, {});
  if (e.kind == event_kind::child) return send_child(t, e, 1);
  if (e.kind != event_kind::operation) return;
  open.read_only = e.unlogged;
  if (open.read_only) ++header_->open_reads;
  send_call(t, e, open.read_only, 1);
}

// True if recovery must activate it although no message, timer or request would.
bool instance_host::needs_a_visit() const noexcept {
  if (!alive() || header_->due != time_point{} || is(instance_state::suspended)) return false;
  return header_->open_reads > 0 || header_->events <= 1 || !deferred_.empty() ||
         is(instance_state::stalled);
}

void instance_host::send_child(transition& t, const history_event& e, std::uint32_t attempt) {
  t.send({address_kind::instance, "", internal::child_id(e, header_->generation, attempt)},
         start_body{e.name, e.value}, waiting(e.number, attempt));
}

void instance_host::set_deadline(transition& t, std::uint64_t step, open_step& open) {
  const auto limit = open.what.call().timeout;
  if (limit <= duration::zero()) return;
  open.deadline = internal::later(t.now(), limit);
  t.fire_later(header_->generation, step, open.deadline);
}

void instance_host::send_call(transition& t, const history_event& e, bool read_only,
                              std::uint32_t attempt) {
  address to{address_kind::actor, e.name, e.key};
  auto reply = waiting(e.number, attempt);
  if (section_.contains(to))
    return t.send_within(read_only ? transition::recorded::no : transition::recorded::yes,
                         std::move(to), call_body{e.operation, e.value}, std::move(reply));
  if (read_only)
    t.send_unlogged(std::move(to), call_body{e.operation, e.value}, std::move(reply));
  else
    t.send(std::move(to), call_body{e.operation, e.value}, std::move(reply));
}

void instance_host::store_request(transition& t, std::uint64_t step, const open_step& open,
                                  time_point due) {
  t.put(keys::request(self_.key, header_->generation.term, header_->generation.position, step),
        records::encode(records::request{
            open.attempt, open.began, due, open.last, open.what.call(), open.deadline,
            open.what.kind() == event_kind::activity ? run_trace() : trace_context{},
            open.attempt > 1 ? open.queued : time_point{}, open.attempts, open.round}));
}

// The address for answers to this step.
reply_to instance_host::waiting(std::uint64_t step, std::uint32_t attempt) const {
  const auto open = open_.find(step);
  return {self_.key, header_->generation, step, attempt,
          open == open_.end() ? 0 : open->second.round};
}

// Erases the records of a step that has its answer or is not wanted any more.
void instance_host::close_step(transition& t, std::uint64_t step, end_of_step how) {
  const auto found = open_.find(step);
  if (found == open_.end()) return;
  const auto& open = found->second;
  const auto& g = header_->generation;
  const auto kind = open.what.kind();
  if (kind == event_kind::timer && how == end_of_step::answered) report_timer(t, step, open.what);
  if (kind == event_kind::activity) services_.letters.closed(t, self_.key, g, open.what.call());
  if (open.stored && !closes_many_) t.erase(keys::request(self_.key, g.term, g.position, step));
  if (kind == event_kind::timer) forget_timer(t, step, open.what.due());
  if (open.backing_off) {
    services_.timers.cancel(self_, open.retry_at, {g.term, g.position, step});
    services_.activities.forget(self_.key, g, step, open.attempt);
  }
  forget_timer(t, step, open.deadline);
  if (kind == event_kind::activity && how == end_of_step::withdrawn)
    services_.activities.cancel(self_.key, g, step);
  if (kind == event_kind::child && how == end_of_step::withdrawn)
    add_attempts(open.what.call(), seldom().left_children);
  if (open.read_only && header_->open_reads > 0) --header_->open_reads;
  open_.erase(found);
}

// Closes all steps. Timers that are erased later, or not at all because the process died, find no step
// when they fire and are erased then.
void instance_host::close_all(transition& t) {
  closes_many_ = open_.size() > limits::closed_at_once;
  if (closes_many_) {
    const auto requests = keys::requests_of(self_.key);
    t.erase_range(requests);
  }
  while (!open_.empty()) close_step(t, open_.begin()->first, end_of_step::withdrawn);
  closes_many_ = false;
  release_section(t);
}

void instance_host::forget_timer(transition& t, std::uint64_t step, time_point due) {
  if (due == time_point{}) return;
  if (closes_many_)
    seldom().left_timers.push_back({header_->generation, step, due});
  else
    t.forget_timer(header_->generation, step, due);
}

void instance_host::forget_left_timers() {
  if (!seldom_) return;
  auto& left = seldom_->left_timers;
  while (!left.empty()) {
    transition t(services_, self_, services_.now());
    if (!begin(t)) return;
    for (std::size_t n = 0; n < limits::closed_at_once && !left.empty(); ++n) {
      const auto& last = left.back();
      t.forget_timer(last.generation, last.step, last.due);
      left.pop_back();
    }
    t.commit();
  }
}

void instance_host::end(transition& t, const history_event& completed) {
  close_all(t);
  deferred_.clear();
  services_.letters.ended(t, self_);
  if (header_->due != time_point{})
    t.forget_timer(header_->generation, 0, std::exchange(header_->due, {}));
  // If the code passes on a child's failure of this cause, this instance failed; it was not terminated.
  const bool terminated = completed.error && completed.error->why == cause::terminated && !run_;
  if (with_children_ && seldom_)
    for (const auto& child : seldom_->left_children)
      t.send({address_kind::instance, "", child.id}, terminate_body{completed.error->text, true},
             reply_to{self_.key, header_->generation, child.step});
  if (seldom_) seldom_->left_children.clear();
  header_->status = static_cast<std::uint8_t>(terminated        ? instance_state::terminated
                                              : completed.error ? instance_state::failed
                                                                : instance_state::completed);
  header_->finding.clear();
  report_end(t, completed, terminated);
  if (completed.error)
    header_->outcome.emplace(*completed.error);
  else
    header_->outcome.emplace(completed.value);
  if (const auto& parent = header_->parent)
    t.send({address_kind::instance, "", parent->instance}, answer_body{parent->generation,
                                                                       parent->step,
                                                                       *header_->outcome,
                                                                       parent->attempt,
                                                                       {},
                                                                       parent->round});
  t.put(end_entry(), "");
  t.leave([&s = services_, self = self_, outcome = *header_->outcome](commit_outcome o) {
    if (o != commit_outcome::durable) return;
    s.ends.ended(self.key, outcome);
    s.router.release(self);
  });
  finished_ = true;
}

void instance_host::update_footprint() {
  if (finished_) run_.reset();
  finished_ = false;
  set_footprint(sizeof *this + (run_ ? run_->footprint() : 0) + bytes_of_open());
}

// An estimate from the first open step: if there are very many, they are usually of one kind.
std::size_t instance_host::bytes_of_open() const noexcept {
  if (open_.empty()) return 0;
  const bool times = open_.begin()->second.what.is_timer();
  return open_.size() * (sizeof(open_steps::value_type) + 4 * sizeof(void*) +
                         (times ? 0 : sizeof(history_event) + 3 * sizeof(std::string)));
}

}  // namespace reprise::runtime
