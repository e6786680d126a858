#include "runtime/internal/instance_host.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

#include "actors/internal/retry_decision.hpp"
#include "persistence/keys.hpp"
#include "persistence/limits.hpp"
#include "runtime/internal/engine.hpp"
#include "runtime/internal/transition.hpp"
#include "runtime/node.hpp"

namespace reprise::runtime {

namespace keys = persistence::keys;
using internal::event;
using internal::event_kind;

namespace {

failure not_found(const std::string& id) {
  return {cause::not_found, "no instance \"" + id + "\"", false};
}
failure gone(const std::string& id) {
  return {cause::gone, "instance \"" + id + "\" has ended", false};
}

std::string lower(std::string s) {
  for (auto& c : s) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return s;
}

}  // namespace

instance_host::instance_host(engine& e, address self, std::uint64_t epoch)
    : host(e, std::move(self), epoch) {}

bool instance_host::alive() const noexcept {
  return header_ && !is_terminal(static_cast<instance_state>(header_->status));
}

void instance_host::handle(message_ptr m) {
  if (!m->once) return process(std::move(m), {});
  persistence::load_request request;
  request.keys = {dedup_key(self_, once_scope(*m), *m->once)};
  // A view that stands at our horizon shows our own record, if there is one.
  load(
      std::move(request), while_loading::blocking,
      [this, m = std::move(m)](persistence::load_answer a) mutable {
        if (!a.error && a.corrupt.empty())
          return process(std::move(m), read_dedup(a.values.front(), engine_.now()));
        damaged("an idempotency record");
        refuse(std::move(m), failure{cause::corrupt, "an idempotency record is damaged", false});
      },
      horizon());
}

void instance_host::process(message_ptr m, const dedup_finding& found) {
  if (found.record) return answer(*m, repeated(*found.record, *m->once));
  struct take {
    instance_host& self;
    message& m;
    void operator()(call_body&) {
      self.drop(m, failure{cause::invalid, "an instance has no operations", false});
    }
    void operator()(start_body& b) { self.start(m, b); }
    void operator()(answer_body& b) { self.answered(m, b); }
    void operator()(raised_body& b) { self.raised(m, b); }
    void operator()(terminate_body& b) { self.terminate(m, b); }
    void operator()(fired_body& b) { self.fired(m, b); }
    void operator()(suspend_body&) { unknown(); }
    void operator()(resume_body&) {
      if (!m.done && self.alive() && !self.run_) return self.read_again();  // no longer set aside
      unknown();
    }
    void operator()(rewind_body&) { unknown(); }
    void operator()(restart_body&) { unknown(); }
    void operator()(purge_body&) { unknown(); }
    void operator()(lock_body&) { unknown(); }
    void operator()(unlock_body&) { unknown(); }
    void operator()(erase_body&) { unknown(); }
    void unknown() {
      self.drop(m, failure{cause::invalid, "an instance does not take this", false});
    }
  };
  std::visit(take{*this, *m}, m->body);
}

void instance_host::drop(message& m, result<payload> told) {
  if (!m.durable && !m.reply) return answer(m, std::move(told));
  transition t(engine_, self_, engine_.now());
  if (!begin(t)) return;
  t.consume(m);
  t.answer(m, std::move(told));
  t.commit();
}

void instance_host::start(message& m, start_body& b) {
  if (alive())
    return drop(m, failure{cause::exists,
                           "instance \"" + self_.key + "\" is there and has not ended", false});
  if (const auto poisoned = engine_.letters.refusal(self_)) return drop(m, *poisoned);
  const auto now = engine_.now();
  transition t(engine_, self_, now);
  if (!begin(t)) return;
  if (header_)  // an ended one is replaced: its history goes
    t.erase_range(
        keys::history_range(self_.key, header_->generation.term, header_->generation.position));
  header_.emplace();
  header_->orchestration = b.orchestration;
  header_->generation = t.as_generation();
  header_->created = header_->updated = now;
  header_->events = 1;
  event started;
  started.kind = event_kind::started;
  started.at = now;
  started.name = b.orchestration;
  started.value = b.input;
  t.consume(m);
  t.put(keys::instance(self_.key), records::encode(*header_));
  t.put(keys::event(self_.key, t.as_generation().term, t.at(), 0),
        records::encode(std::vector{started}));
  t.put(keys::resend(self_.key), "");  // until the first steps are recorded
  listed_ = true;
  if (m.once) write_dedup(t, self_, "start", *m.once, payload(self_.key), nullptr);
  t.answer(m, payload(self_.key));
  t.commit();

  open_.clear();
  deferred_.clear();
  next_number_ = 1;
  history_bytes_ = b.input.size();
  const auto* code = engine_.app.find_orchestration(header_->orchestration);
  if (!code)
    return stall("no orchestration \"" + header_->orchestration + "\" is bound in this program");
  run_ = std::make_unique<internal::orchestration_run>(*code, self_.key, header_->generation);
  run_->feed(started);
  run_first();
}

void instance_host::answered(message& m, answer_body& b) {
  const auto open =
      alive() && b.generation == header_->generation ? open_.find(b.step) : open_.end();
  if (open == open_.end()) return drop(m, payload{});
  if (!b.outcome && retried(m, b.step, open->second, b.outcome.error())) return;
  event e;
  e.kind = event_kind::answered;
  e.target = b.step;
  if (b.outcome)
    e.value = *b.outcome;
  else
    e.error = b.outcome.error();
  input(&m, std::move(e));
}

void instance_host::fired(message& m, const fired_body& b) {
  const auto found =
      alive() && b.generation == header_->generation ? open_.find(b.step) : open_.end();
  if (found == open_.end()) return;  // withdrawn meanwhile, its record is gone
  auto& open = found->second;
  if (open.what.kind == event_kind::timer) {
    event e;
    e.kind = event_kind::answered;
    e.target = b.step;
    return input(&m, std::move(e));
  }
  if (!open.backing_off) return;
  open.backing_off = false;
  if (open.what.kind == event_kind::activity) {
    records::request request{open.attempt, open.began, {}, open.last, open.what};
    engine_.log.when_durable(horizon(),
                             [&e = engine_, id = self_.key, g = header_->generation, step = b.step,
                              request = std::move(request)](commit_outcome o) {
                               if (o == commit_outcome::durable)
                                 e.activities.start(id, g, step, request);
                             });
    return;
  }
  transition t(engine_, self_, engine_.now());
  if (!begin(t)) return;
  store_request(t, b.step, open, {});
  send_call(t, open.what, open.read_only);
  t.commit();
}

// A failed attempt that will be retried is a transition of its own; the history hears of the end
// only.
bool instance_host::retried(message& m, std::uint64_t step, open_step& open, const failure& why) {
  if (open.what.policy.attempts <= 1) return false;
  const auto now = engine_.now();
  const auto due = internal::next_attempt(open.what.policy, open.attempt, open.began, now, why);
  if (!due) return false;
  transition t(engine_, self_, now);
  if (!begin(t)) return true;
  t.consume(m);
  ++open.attempt;
  open.last = why;
  open.stored = true;
  open.backing_off = true;
  store_request(t, step, open, *due);
  t.commit();
  engine_.timers.set_back_off(self_.key, header_->generation, step, *due, t.at());
  return true;
}

void instance_host::raised(message& m, raised_body& b) {
  if (!header_) return drop(m, not_found(self_.key));
  if (!alive()) return drop(m, gone(self_.key));
  if (m.done)
    if (const auto poisoned = engine_.letters.refusal(self_)) return drop(m, *poisoned);
  if ((run_ ? run_->buffered_events() : deferred_.size()) >= limits::max_buffered_events)
    return drop(m,
                failure{cause::limit, "max_buffered_events are waiting at this instance", false});
  event e;
  e.kind = event_kind::raised;
  e.name = lower(b.event);
  e.value = b.value;
  input(&m, std::move(e));
}

void instance_host::terminate(message& m, const terminate_body& b) {
  if (!header_) return drop(m, not_found(self_.key));
  if (!alive()) return drop(m, gone(self_.key));
  event e;
  e.kind = event_kind::completed;
  e.number = next_number_;
  e.at = engine_.now();
  e.error = failure{cause::terminated, b.reason, false};
  run_.reset();
  commit_turn(&m, {std::move(e)});
}

void instance_host::input(message* m, event e) {
  e.number = next_number_;
  e.at = engine_.now();
  std::vector<event> events;
  if (run_) {
    run_->feed(e);
    events = run_->take_steps();
  } else {
    e.deferred = true;
    deferred_.push_back(e);
  }
  events.insert(events.begin(), std::move(e));
  commit_turn(m, std::move(events));
}

// What the code did when replay or start gave it its last input, and no transition holds yet.
void instance_host::run_first() {
  auto steps = run_->take_steps();
  if (!steps.empty() || header_->status != static_cast<std::uint8_t>(instance_state::running)) {
    header_->status = static_cast<std::uint8_t>(instance_state::running);
    commit_turn(nullptr, std::move(steps));
  }
}

void instance_host::feed_deferred() {
  for (const auto& d : std::exchange(deferred_, {})) {
    if (!alive() || !run_) return;
    event e;
    e.kind = event_kind::fed;
    e.target = d.number;
    e.number = next_number_;
    e.at = d.at;
    run_->feed(e);
    auto events = run_->take_steps();
    events.insert(events.begin(), std::move(e));
    commit_turn(nullptr, std::move(events));
  }
}

}  // namespace reprise::runtime
