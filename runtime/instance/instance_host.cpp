#include "runtime/instance/instance_host.hpp"

#include <algorithm>
#include <cctype>
#include <iterator>
#include <utility>

#include "actors/actor/text.hpp"
#include "actors/orchestration/retry_decision.hpp"
#include "actors/orchestration/steps.hpp"
#include "persistence/keys.hpp"
#include "persistence/limits.hpp"
#include "runtime/commit/transition.hpp"
#include "runtime/commit/turn_services.hpp"
#include "runtime/instance/instance_failures.hpp"
#include "runtime/instance_types.hpp"

namespace reprise::runtime {

namespace keys = persistence::keys;

namespace {

std::string lower(std::string s) {
  for (auto& c : s) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return s;
}

// Refuses an answer larger than half of a transition: the rest is for what the code does with it.
std::optional<failure> too_large(const requested_step& step, const result<payload>& outcome) {
  const auto bytes = outcome ? outcome->size() : outcome.error().text.size();
  if (bytes <= limits::max_bytes_per_turn / 2) return std::nullopt;
  return failure{cause::limit,
                 (step.is_timer() ? "timer" : describe(step.call())) +
                     (outcome ? " answered " : " failed with a text of ") + std::to_string(bytes) +
                     " bytes: more than half of max_bytes_per_turn",
                 false};
}

tried made(std::uint32_t number, time_point queued, time_point began, time_point ended,
           std::optional<failure> error) {
  if (error) error->text = internal::shortened(std::move(error->text), limits::kept_failure_bytes);
  return {number, queued, began, ended, std::move(error)};
}

// Keeps the first and the last attempts: how it went wrong at first, and how it does now.
void keep(std::vector<tried>& attempts, tried one) {
  attempts.push_back(std::move(one));
  if (attempts.size() > first_tried + last_tried) attempts.erase(attempts.begin() + first_tried);
}

bool asks_nobody(const history_event& step) noexcept {
  return step.kind == event_kind::wait || step.kind == event_kind::status ||
         step.kind == event_kind::changed;
}

}  // namespace

instance_host::instance_host(turn_services& s, address self, std::uint64_t epoch)
    : host(s, std::move(self), epoch) {
  // 100,000 instances may wait in memory, and the allocator has a size class of 768 bytes: members that
  // few need belong into `seldom_used`.
  static_assert(sizeof(instance_host) + 2 * sizeof(void*) <= 768);
  static_assert(sizeof(open_step) <= 112);  // most wait for a timer
}

instance_host::seldom_used& instance_host::seldom() {
  if (!seldom_) seldom_ = std::make_unique<seldom_used>();
  return *seldom_;
}

bool instance_host::is(instance_state s) const noexcept {
  return header_ && header_->status == static_cast<std::uint8_t>(s);
}

bool instance_host::alive() const noexcept {
  return header_ && !is_terminal(static_cast<instance_state>(header_->status));
}

// The key of an ended instance in the index that retention uses.
std::string instance_host::end_entry() const {
  return keys::ended(header_->status, header_->updated.time_since_epoch().count(), self_.key);
}

void instance_host::handle(message_ptr m) {
  if (!m->once) return process(std::move(m), {});
  persistence::load_request request;
  request.keys = {dedup_key(self_, once_scope(*m), *m->once)};
  // A view at our horizon contains our own record, if there is one.
  load(
      std::move(request), while_loading::blocking,
      [this, m = std::move(m)](persistence::load_answer a) mutable {
        if (a.error && a.error->code != persistence::errc::corrupt)
          return rest(*a.error, std::move(m));
        if (!a.error && a.corrupt.empty())
          return process(std::move(m), read_dedup(a.values.front(), services_.clock));
        damaged("an idempotency record");
        refuse(std::move(m), failure{cause::corrupt, "an idempotency record is damaged", false});
      },
      horizon());
}

void instance_host::process(message_ptr m, const dedup_finding& found) {
  if (found.record) return answer(*m, repeated(*found.record, *m->once));
  if (const auto refused = unmet(*m)) return drop(*m, *refused);
  struct take {
    instance_host& self;
    message& m;
    message_ptr& owned;
    void operator()(call_body&) { unknown(); }
    void operator()(start_body& b) { self.start(m, b); }
    void operator()(answer_body& b) { self.answered(owned, b); }
    void operator()(raised_body& b) { self.raised(owned, b); }
    void operator()(terminate_body& b) { self.terminate(std::move(owned), b); }
    void operator()(fired_body& b) { self.fired(owned, b); }
    void operator()(suspend_body& b) { self.suspend(std::move(owned), b); }
    void operator()(resume_body& b) { self.resume(std::move(owned), b); }
    void operator()(rewind_body&) { self.rewind(std::move(owned)); }
    void operator()(restart_body&) { self.restart(std::move(owned)); }
    void operator()(purge_body&) { self.purge(std::move(owned)); }
    void operator()(retire_body& b) { self.retire(m, b); }
    void operator()(lock_body&) { unknown(); }
    void operator()(unlock_body&) { unknown(); }
    void operator()(erase_body&) { unknown(); }
    void operator()(expire_body&) { unknown(); }  // handled by host
    void unknown() {
      self.drop(m, failure{cause::invalid, "an instance does not take this", false});
    }
  };
  std::visit(take{*this, *m, m}, m->body);
}

std::optional<failure> instance_host::unmet(const message& m) const {
  if (!m.only_if || (header_ && header_->created == m.only_if->created)) return std::nullopt;
  if (!header_) return not_found(self_.key);
  return failure{cause::precondition_failed,
                 "instance \"" + self_.key + "\" is another by now than the one that was meant",
                 false};
}

void instance_host::drop(message& m, result<payload> told) {
  if (!m.durable && !m.reply) return answer(m, std::move(told));
  transition t(services_, self_, services_.now());
  if (!begin(t)) return;
  t.consume(m);
  t.answer(m, std::move(told));
  t.commit();
}

void instance_host::start(message& m, start_body& b, std::string_view scope) {
  if (alive() && b.reuse != id_reuse::of_running)
    return drop(m, failure{cause::exists,
                           "instance \"" + self_.key + "\" is there and has not ended", false});
  if (header_ && b.reuse == id_reuse::never)
    return drop(m,
                failure{cause::exists, "the id \"" + self_.key + "\" has been used before", false});
  if (const auto poisoned = services_.letters.refusal(self_)) return drop(m, *poisoned);
  if (b.input.size() > limits::max_bytes_per_turn - limits::max_reason_bytes)
    return drop(m, failure{cause::limit,
                           "the input of instance \"" + self_.key +
                               "\" and its header are more than max_bytes_per_turn",
                           false});
  if (alive()) end_as_terminated(nullptr, "replaced by a new instance of this id");
  if (over_limit())  // the old instance must read itself again before it can end
    return drop(m, failure{cause::exists,
                           "instance \"" + self_.key + "\" has not ended yet; try again", true});
  const auto now = services_.now();
  transition t(services_, self_, now);
  if (!begin(t)) return;
  if (header_) {  // replaces an ended instance
    t.erase_range(keys::history_of(self_.key));
    t.erase(end_entry());
  }
  const auto* code = services_.app.newest_orchestration(b.orchestration);
  header_.emplace();
  header_->orchestration = code ? code->name : b.orchestration;
  header_->created = now;
  header_->parent = m.reply;
  if (b.due > now) header_->due = b.due;
  begin_trace(t, m);
  t.consume(m);
  const auto beginning = begin_generation(t, b.input, {});
  if (m.once) write_dedup(t, self_, scope, *m.once, payload(self_.key));
  if (!m.reply) t.answer(m, payload(self_.key));  // a parent is answered at the end
  t.commit(header_->due == time_point{} ? commit_log::followed::at_once : commit_log::followed::no);
  run_generation(beginning);
}

void instance_host::answered(message_ptr& m, answer_body& b) {
  settle_answer(b.step);
  const auto open =
      alive() && b.generation == header_->generation ? open_.find(b.step) : open_.end();
  if (open == open_.end()) return drop(*m, payload{});
  // Sent before a rewind: the step has failed since and was requested again.
  if (b.round != open->second.round) return drop(*m, payload{});
  // A timed-out attempt that failed after all: only the newest attempt counts.
  if (!b.outcome && b.attempt != open->second.attempt) return drop(*m, payload{});
  if (auto limit = too_large(open->second.what, b.outcome)) b.outcome = *std::move(limit);
  if (!b.outcome && retried(*m, b.step, open->second, b.outcome.error(), b.began)) return;
  input(m, answer_of(b.step, open->second, b.outcome, b.began));
}

history_event instance_host::answer_of(std::uint64_t step, const open_step& open,
                                       result<payload> outcome, time_point began) {
  history_event e;
  e.kind = event_kind::answered;
  e.target = step;
  if (outcome) {
    e.value = *std::move(outcome);
  } else {
    e.error = outcome.error();
    if (open.what.kind() == event_kind::activity) e.error->from = describe(open.what.call());
  }
  if (open.attempts.empty()) return e;
  e.attempts = open.attempts;
  keep(e.attempts, made(open.attempt, open.queued, began, services_.now(), e.error));
  return e;
}

void instance_host::fired(message_ptr& m, const fired_body& b) {
  settle_answer(b.step);
  const auto found =
      alive() && b.generation == header_->generation ? open_.find(b.step) : open_.end();
  if (alive() && b.generation == header_->generation && b.step == 0) return become_due(*m);
  if (found == open_.end()) return forget(*m, b);
  auto& open = found->second;
  if (open.what.is_timer()) {
    history_event e;
    e.kind = event_kind::answered;
    e.target = b.step;
    return input(m, std::move(e));
  }
  if (open.backing_off) return next_attempt(b.step, open);
  if (open.deadline != time_point{} && open.deadline <= services_.now()) timed_out(m, b.step, open);
}

// Handles a timer whose step is closed. In this generation its record is gone already. In an earlier
// one it may be left over: closing very many steps erases their timers later, and the process may die
// before.
void instance_host::forget(const message& m, const fired_body& b) {
  if (alive() && b.generation == header_->generation) return;
  transition t(services_, self_, services_.now());
  if (!begin(t)) return;
  t.forget_timer(b.generation, b.step, m.timer_due);
  t.commit();
}

void instance_host::next_attempt(std::uint64_t step, open_step& open) {
  open.backing_off = false;
  open.retry_at = {};
  transition t(services_, self_, services_.now());
  if (!begin(t)) return;
  open.queued = t.now();
  t.carry(run_trace());
  set_deadline(t, step, open);
  store_request(t, step, open, {});
  if (open.what.kind() == event_kind::activity)
    start_activity(t, step, open);
  else if (open.what.kind() == event_kind::child)
    send_child(t, open.what.call(), open.attempt);
  else
    send_call(t, open.what.call(), open.read_only, open.attempt);
  t.commit();
}

// Fails an attempt whose timeout has passed. It may run on; nobody waits for its result.
void instance_host::timed_out(message_ptr& m, std::uint64_t step, open_step& open) {
  if (open.what.kind() == event_kind::activity)
    services_.activities.cancel(self_.key, header_->generation, step);
  const failure why{cause::timed_out,
                    describe(open.what.call()) + " took longer than " +
                        std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(
                                           open.what.call().timeout)
                                           .count()) +
                        " ms",
                    true};
  if (retried(*m, step, open, why, {})) return;
  input(m, answer_of(step, open, why, {}));
}

// Schedules the next attempt, in a transition of its own; the history contains only the final outcome.
// False: there is no next attempt.
bool instance_host::retried(message& m, std::uint64_t step, open_step& open, const failure& why,
                            time_point began) {
  if (open.what.is_timer() || open.what.call().policy.attempts <= 1) return false;
  const auto now = services_.now();
  const auto due =
      internal::next_attempt(open.what.call().policy, open.attempt, open.began, now, why);
  if (!due) return false;
  transition t(services_, self_, now);
  if (!begin(t)) return true;
  t.consume(m);
  t.forget_timer(header_->generation, step, std::exchange(open.deadline, {}));
  auto failed = made(open.attempt, open.queued, began, now, why);
  open.last = failed.error;
  keep(open.attempts, std::move(failed));
  ++open.attempt;
  open.stored = true;
  open.backing_off = true;
  open.retry_at = *due;
  store_request(t, step, open, *due);
  if (open.what.kind() == event_kind::activity) announce_back_off(t, step, open);
  t.commit();
  services_.timers.set_back_off(self_.key, header_->generation, step, *due, t.horizon());
  return true;
}

// Counts events that the code has not seen: buffered in the run, or deferred.
const char* instance_host::passed_by(const raised_body& b) const {
  std::size_t events = run_ ? run_->buffered_events() : 0;
  std::size_t bytes = run_ ? run_->buffered_bytes() : 0;
  for (const auto& d : deferred_) {
    if (d.kind != event_kind::raised) continue;
    ++events;
    bytes += d.value.size();
  }
  if (events >= limits::max_buffered_events)
    return "max_buffered_events are waiting at this instance";
  if (events > 0 && bytes + b.value.size() > limits::max_buffered_bytes)
    return "max_buffered_bytes are waiting at this instance";
  return nullptr;
}

void instance_host::raised(message_ptr& m, raised_body& b) {
  if (!header_) return drop(*m, not_found(self_.key));
  if (!alive()) return drop(*m, gone(self_.key));
  if (m->done)
    if (const auto poisoned = services_.letters.refusal(self_)) return drop(*m, *poisoned);
  if (b.event.size() + b.value.size() > limits::max_bytes_per_turn / 2)
    return drop(
        *m, failure{cause::limit, "the event is larger than half of max_bytes_per_turn", false});
  if (const auto* limit = passed_by(b)) return drop(*m, failure{cause::limit, limit, false});
  history_event e;
  e.kind = event_kind::raised;
  e.name = lower(b.event);
  e.value = b.value;
  input(m, std::move(e));
}

void instance_host::input(message_ptr& m, history_event e) {
  e.number = next_number_;
  e.at = services_.now();
  if (!run_ || is(instance_state::suspended) || header_->due != time_point{}) {
    e.deferred = true;
    deferred_.push_back(e);
  }
  std::vector<history_event> events{e};
  if (run_) {
    run_->feed(e);
    auto steps = run_->take_steps();
    events.insert(events.end(), std::make_move_iterator(steps.begin()),
                  std::make_move_iterator(steps.end()));
  }
  if (may_be_held(*m, events)) return hold(std::move(m), std::move(events));
  commit_turn(std::move(m), std::move(events));
}

// `events`: the input, and the steps that the code took.
bool instance_host::may_be_held(const message& m, const std::vector<history_event>& events) const {
  return run_ && !m.once && !events.front().deferred &&
         std::all_of(events.begin() + 1, events.end(), asks_nobody) &&
         bytes_of(events) <= joined_bytes;
}

void instance_host::hold(message_ptr m, std::vector<history_event> events) {
  next_number_ = events.back().number + 1;
  if (!held_) held_ = std::make_unique<held_inputs>();
  held_->bytes += bytes_of(events);
  std::move(events.begin(), events.end(), std::back_inserter(held_->events));
  held_->messages.push_back(std::move(m));
  if (held_->bytes > joined_bytes) settle();
}

void instance_host::settle() {
  if (held_) commit_turn({}, {});
}

void instance_host::settle_answer(std::uint64_t step) {
  if (held_ && std::any_of(held_->events.begin(), held_->events.end(), [&](const history_event& e) {
        return e.kind == event_kind::answered && e.target == step;
      }))
    settle();
}

// Commits the steps that the code took at its start or at the end of replay, which no transition
// contains yet.
void instance_host::run_first() {
  if (is(instance_state::suspended) || header_->due != time_point{}) return;
  auto steps = run_->take_steps();
  if (!steps.empty() || (!is(instance_state::running) && deferred_.empty())) {
    header_->status = static_cast<std::uint8_t>(instance_state::running);
    commit_turn({}, std::move(steps));
  }
}

}  // namespace reprise::runtime
