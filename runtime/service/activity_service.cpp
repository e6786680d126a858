#include "runtime/service/activity_service.hpp"

#include <utility>

#include "persistence/limits.hpp"
#include "runtime/commit/spans.hpp"
#include "runtime/commit/turn_services.hpp"
#include "runtime/crash/crash_slate.hpp"
#include "runtime/dead_letters/crash_suspects.hpp"
#include "runtime/dead_letters/dead_letters.hpp"

namespace reprise::runtime {

// The same for every attempt and after every restart: an idempotency key for the outside world.
std::string activity_service::id_of(const place& where) {
  const auto& g = where.generation;
  return where.instance + '@' + std::to_string(g.term) + '.' + std::to_string(g.position) + '#' +
         std::to_string(where.step);
}

// An attempt cut short by a crash and its repetition by a later process are two spans, so the nonce
// counts.
std::uint64_t activity_service::span_of(const place& where) const {
  const auto& g = where.generation;
  return span_id(traced::attempt, where.instance,
                 {g.term, g.position, where.step, where.attempt, services_.ids.nonce()});
}

trace_fields activity_service::fields_of(const place& where, const trace_context& trace) const {
  if (!trace) return {};
  return {traceparent_of(trace.caused_by(span_of(where))), std::string(trace.state_text())};
}

activity_service::activity_service(turn_services& s, crash_suspects& on_trial,
                                   std::shared_ptr<crash_slate> slate)
    : services_(s),
      on_trial_(on_trial),
      slate_(std::move(slate)),
      shared_(std::make_shared<shared>()) {
  shared_->owner = this;
}

activity_service::~activity_service() {
  std::lock_guard lock(shared_->mutex);
  shared_->owner = nullptr;
  for (auto& [where, running] : shared_->running) running.cancel.request_stop();
}

void activity_service::announce(const std::string& instance, const generation& g,
                                std::uint64_t step, std::uint32_t attempt) {
  std::lock_guard lock(shared_->mutex);
  const auto [at, fresh] = shared_->running.try_emplace(place(instance, g, step, attempt));
  if (fresh) at->second.announced = true;
}

void activity_service::forget(const std::string& instance, const generation& g, std::uint64_t step,
                              std::uint32_t attempt) {
  std::lock_guard lock(shared_->mutex);
  const auto at = shared_->running.find(place(instance, g, step, attempt));
  if (at == shared_->running.end() || !at->second.announced) return;
  if (at->second.cancelled) --shared_->cancelled;
  shared_->running.erase(at);
}

void activity_service::back_off(const std::string& instance, const generation& g,
                                std::uint64_t step, const records::request& what) {
  std::lock_guard lock(shared_->mutex);
  const auto [at, fresh] = shared_->running.try_emplace(place(instance, g, step, what.attempt));
  if (!fresh) return;
  at->second.announced = true;
  at->second.due = what.due;
  at->second.bound = services_.app.find_activity(what.what.name);
}

void activity_service::start(const std::string& instance, const generation& g, std::uint64_t step,
                             const records::request& what) {
  start(place(instance, g, step, what.attempt), what, std::nullopt);
}

void activity_service::start(const place& where, const records::request& what,
                             std::optional<lost_terms> ahead) {
  const auto& [hash, g, step, attempt, instance] = where;
  if (on_trial_.any()) {
    announce(instance, g, step, attempt);
    if (on_trial_.hold(letter_of_activity(instance, what.what.name, {g.term, g.position, step}),
                       [this, where, what, ahead] { start(where, what, ahead); }))
      return;
  }
  const auto* bound = services_.app.find_activity(what.what.name);
  if (!bound) {
    forget(instance, g, step, what.attempt);
    return services_.observer.say(log_level::warning,
                                  "instance " + instance + " waits: no activity \"" +
                                      what.what.name + "\" is bound in this program",
                                  instance);
  }
  place_of_attempt at;
  bool some_cancelled = false;
  {
    std::lock_guard lock(shared_->mutex);
    const auto [it, fresh] = shared_->running.try_emplace(where);
    auto& one = it->second;
    if (!fresh && !one.announced) {
      // Retried from a dead letter of an earlier round: its answer would be dropped.
      if (!one.disowned && what.round < (one.again ? one.again->round : one.round)) return;
      if (one.disowned || one.round != what.round)  // it belongs to another request
        stop(*shared_, one, services_.exec.now());
      if (!one.cancelled) return;
      one.again = what;  // requested again before it has stopped
      one.again_ahead = ahead;
      return;
    }
    if (one.announced && one.cancelled) {  // withdrawn before it could start
      --shared_->cancelled;
      shared_->running.erase(it);
      return;
    }
    one.announced = false;
    one.due.reset();
    one.bound = bound;
    one.trace = what.trace;
    one.round = what.round;
    at = it;
    some_cancelled = shared_->cancelled > 0;
  }
  if (some_cancelled) replace_lost();
  services_.exec.post(bound->pool, [state = shared_, slate = slate_, at, input = what.what.value] {
    run(*state, slate.get(), at, input);
  });
}

void activity_service::start_ahead(const std::string& instance, const generation& g,
                                   std::uint64_t step, const records::request& what) {
  start_ahead(place(instance, g, step, what.attempt), what, std::nullopt);
}

void activity_service::start_ahead(const place& where, const records::request& what,
                                   std::optional<lost_terms> of) {
  lost_terms now = 0;
  {
    std::lock_guard lock(shared_->mutex);
    now = shared_->begun_anew;
    if (of && *of != now) return;  // if its request was written after all, it has been adopted
    const auto [at, fresh] = shared_->running.try_emplace(where);
    if (fresh || at->second.due) at->second.announced = at->second.ahead = true;
  }
  start(where, what, now);
}

void activity_service::disown() {
  std::lock_guard lock(shared_->mutex);
  ++shared_->begun_anew;
  std::erase_if(shared_->running, [](const auto& one) { return one.second.due.has_value(); });
  for (auto& [where, one] : shared_->running) {
    one.disowned = one.disowned || one.ahead;
    if (std::exchange(one.again_ahead, std::nullopt)) one.again.reset();
  }
}

// An attempt that was told to stop is not adopted: a new one starts when it has ended.
void activity_service::adopt(const std::string& instance, const generation& g, std::uint64_t step,
                             const records::request& what) {
  {
    std::lock_guard lock(shared_->mutex);
    const auto at = shared_->running.find(place(instance, g, step, what.attempt));
    if (at != shared_->running.end() && !at->second.cancelled && at->second.round == what.round)
      at->second.ahead = at->second.disowned = false;
  }
  start(instance, g, step, what);
}

void activity_service::stop(shared& state, attempt_state& one, time_point now) {
  if (one.cancelled) return;
  one.cancel.request_stop();
  one.cancelled = now;
  ++state.cancelled;
}

void activity_service::run(shared& state, crash_slate* slate, place_of_attempt at,
                           const payload& input) {
  time_point now;
  bool withdrawn = false;
  trace_fields trace;
  {
    std::lock_guard lock(state.mutex);
    if (!state.owner) return;
    trace = state.owner->fields_of(at->first, at->second.trace);
    now = state.owner->services_.exec.now();
    withdrawn = at->second.cancelled.has_value();  // while it waited for a thread
    if (!withdrawn) at->second.began = now;
  }
  if (withdrawn)
    return finish(state, at, failure{cause::cancelled, "withdrawn before it began", false});
  const place& where = at->first;
  attempt_context here(
      id_of(where), where.attempt, at->second.cancel.get_token(),
      [&](std::string progress) {
        std::lock_guard lock(state.mutex);
        at->second.progress = std::move(progress);
      },
      std::move(trace));
  auto outcome = [&] {
    const crash_slate::occupation occupied(
        slate, {address_kind::instance, at->second.bound->name, where.instance},
        {{where.generation.term, where.generation.position, where.step},
         {},
         record_name::table::requests,
         {}},
        now);
    return at->second.bound->code->run(input, here);
  }();
  finish(state, at, std::move(outcome));
}

// Reports the span of an attempt that ran, whatever becomes of its result.
void activity_service::report(const place& where, const attempt_state& one,
                              const result<payload>& outcome) const {
  const auto id = span_of(where);
  services_.observer.report(attempt_span(
      {one.trace.caused_by(id), one.trace.span, *one.began, services_.exec.now()},
      {where.instance, where.generation, where.step, where.attempt}, one.bound->name, outcome));
}

// `at` stays valid until here, whatever starts or ends meanwhile.
void activity_service::finish(shared& state, place_of_attempt at, result<payload> outcome) {
  auto m = std::make_unique<message>();
  const auto& where = at->first;
  m->to = {address_kind::instance, "", where.instance};
  m->lane = lane::answers;
  std::lock_guard lock(state.mutex);
  m->body = answer_body{where.generation,
                        where.step,
                        std::move(outcome),
                        where.attempt,
                        at->second.began.value_or(time_point{}),
                        at->second.round};
  if (state.owner && at->second.trace && at->second.began)
    state.owner->report(at->first, at->second, std::get<answer_body>(m->body).outcome);
  if (state.owner && at->second.bound && state.owner->on_trial_.any())
    state.owner->on_trial_.passed(
        letter_of_activity(where.instance, at->second.bound->name,
                           {where.generation.term, where.generation.position, where.step}));
  if (at->second.lost && state.owner) {  // its thread has come back after all
    --state.lost[at->second.bound->pool];
    state.owner->services_.exec.grow_pool(at->second.bound->pool, -1);
  }
  if (at->second.cancelled) --state.cancelled;
  const auto ended = state.running.extract(at);
  if (!state.owner) return;
  if (ended.mapped().again)  // the cancelled attempt's result is dropped
    return state.owner->services_.exec.post(
        upkeep_pool, [&service = *state.owner, where = ended.key(), again = *ended.mapped().again,
                      ahead = ended.mapped().again_ahead] {
          if (ahead)
            service.start_ahead(where, again, ahead);
          else
            service.start(where, again, std::nullopt);
        });
  if (ended.mapped().disowned) return;
  m->id = state.owner->services_.ids.next();
  state.owner->services_.exec.run_next_inline();
  state.owner->services_.router.deliver(std::move(m));
}

void activity_service::cancel(const std::string& instance, const generation& g,
                              std::uint64_t step) {
  const auto now = services_.exec.now();
  std::lock_guard lock(shared_->mutex);
  const place first(instance, g, step, 0);
  for (auto it = shared_->running.lower_bound(first); it != shared_->running.end();) {
    const auto each = it++;
    const auto& at = each->first;
    if (at.hash != first.hash || at.generation != g || at.step != step) break;
    if (at.instance != instance) continue;
    if (each->second.due) {
      shared_->running.erase(each);
      continue;
    }
    stop(*shared_, each->second, now);
    each->second.again.reset();
    each->second.again_ahead.reset();
  }
}

std::vector<activity_status> activity_service::of(const std::string& instance) const {
  std::vector<activity_status> all;
  std::lock_guard lock(shared_->mutex);
  const place first(instance, {}, 0, 0);
  for (auto it = shared_->running.lower_bound(first);
       it != shared_->running.end() && it->first.hash == first.hash; ++it) {
    const auto& [at, one] = *it;
    if (at.instance != instance) continue;
    // Not started: its request is not durable yet, or its code is missing.
    if (!one.bound) continue;
    all.push_back({one.bound->name, at.step, at.attempt, one.due, one.began, one.progress,
                   one.cancelled.has_value()});
  }
  return all;
}

void activity_service::replace_lost() {
  const auto now = services_.exec.now();
  std::lock_guard lock(shared_->mutex);
  for (auto& [where, one] : shared_->running) {
    if (one.lost || !one.began || !one.cancelled || now - *one.cancelled < limits::cancel_grace)
      continue;
    one.lost = true;
    ++shared_->lost[one.bound->pool];
    services_.exec.grow_pool(one.bound->pool, 1);
    services_.observer.say(log_level::warning,
                           "activity " + one.bound->name + " of instance " + where.instance +
                               " goes on although it was cancelled: a thread of pool " +
                               one.bound->pool + " is lost to it, and replaced",
                           where.instance);
  }
}

std::vector<pool_status> activity_service::pools() const {
  auto all = services_.exec.pools();
  std::lock_guard lock(shared_->mutex);
  for (auto& pool : all)
    if (const auto lost = shared_->lost.find(pool.name); lost != shared_->lost.end())
      pool.lost = lost->second;
  return all;
}

}  // namespace reprise::runtime
