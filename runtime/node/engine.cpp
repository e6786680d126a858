#include "runtime/node/engine.hpp"

#include <algorithm>
#include <utility>

#include "persistence/keys.hpp"
#include "persistence/limits.hpp"
#include "runtime/commit/clock_record.hpp"
#include "runtime/host/host.hpp"
#include "runtime/node/host_factory.hpp"
#include "runtime/node/recovery.hpp"

namespace reprise::runtime {

engine::engine(application a, std::unique_ptr<persistence::store> s, std::unique_ptr<executor> x,
               engine_options o)
    : app(std::move(a)),
      options(std::move(o)),
      store(std::move(s)),
      exec(std::move(x)),
      names(options.secret),
      observer(options.log, options.spans),
      ids(options.nonce),
      clock(*exec),
      log(*store, *exec,
          {[this] { return clock.newest(); },
           [this](const persistence::fault& f) { commit_failed(f); }, options.slate}),
      hosts(services, make_host),
      timers(services,
             [this] {
               sweeps.begin();
               activities.replace_lost();
             }),
      activities(services, on_trial, options.slate),
      letters(services, *store, on_trial),
      on_trial(services),
      sweeps(services, hosts, {options.hosts, options.retention}),
      services{.app = app,
               .exec = *exec,
               .clock = clock,
               .log = log,
               .reader = *this,
               .router = *this,
               .timers = timers,
               .activities = activities,
               .letters = letters,
               .locks = locks,
               .admission = *this,
               .observer = observer,
               .ids = ids,
               .changes = changes,
               .ends = ends,
               .slate = options.slate.get()} {
  for (const auto& [name, threads] : options.pools) exec->add_pool(name, threads);
  for (const auto& [name, bound] : app.activities())
    if (!exec->has_pool(bound.pool)) exec->add_pool(bound.pool, 4);
  store->watch({.room = [this] { has_room(); },
                .full = [this](const persistence::fault& why) { is_short_of_room(why); },
                // Posted, because the store's close waits for the thread that calls this.
                .stopped =
                    [this](const persistence::fault& why) {
                      exec->post(upkeep_pool, [this, text = why.text] { fail(text); });
                    }});
}

engine::~engine() {
  state_ = engine_state::closed;
  hosts.drop_all(~std::uint64_t{0}, failure{cause::unavailable, "the node has stopped", true});
  ends.forget();
  store->watch({});  // the store outlives what its callbacks use
  exec->abandon();
}

void engine::load(persistence::load_request request, callback<persistence::load_answer> done) {
  if (state() == engine_state::failed || shut_) {
    persistence::load_answer none;
    none.error = {persistence::errc::failed, refusal().text};
    return done(std::move(none));
  }
  // Shared, because std::function must be copyable; it is called once.
  auto shared = std::make_shared<callback<persistence::load_answer>>(std::move(done));
  if (exec->simulated()) {
    exec->post(upkeep_pool,
               [this, request = std::move(request), shared] { (*shared)(store->read(request)); });
    return;
  }
  store->load(std::move(request),
              [shared](persistence::load_answer a) { (*shared)(std::move(a)); });
}

void engine::deliver(message_ptr m) {
  // Read before the state is checked: no host of a later epoch may be made yet.
  const auto epoch = m->horizon.at != 0 ? m->horizon.epoch : log.epoch();
  // Messages that arrive during a restart are dropped, as in a crash: results are computed again.
  if (state() != engine_state::ready) return;
  if (hosts.deliver(m, epoch)) return;
  m->done(failure{cause::overloaded,
                  "the mailbox of \"" + m->to.key + "\" is full; try again later", true});
}

failure engine::refusal() const {
  switch (state()) {
    case engine_state::failed:
      return {cause::unknown_outcome, "the disk failed; the node must be opened again", false};
    case engine_state::ready:
    case engine_state::recovering:
      if (store->load_state().full)
        return {cause::storage_full, "the disk is full; free space, reads go on", true};
      break;
    default:
      break;
  }
  if (state() != engine_state::ready)
    return {cause::unavailable, "the node is starting or stopping; try again", true};
  return {cause::overloaded, "the disk is behind; try again later", true};
}

bool engine::admits() const noexcept {
  return state() == engine_state::ready && !store->must_wait();
}

// Parks hosts while the log or the overlay is at its limit; neither needs a turn to drain.
bool engine::may_run(host& asking) {
  if (state() != engine_state::ready) return false;
  if (on_trial.any() &&
      on_trial.hold(letter_of(asking.self()), [h = asking.shared()] { h->wake(); }))
    return false;
  if (!store->must_wait()) return true;
  {
    std::lock_guard lock(parked_mutex_);
    parked_.push_back(asking.shared());
  }
  // Room may have become free between the check and the push.
  if (!store->must_wait()) wake_parked();
  return false;
}

// Refuses callers outside that already wait, as new ones are refused: nobody knows when there will be
// room. Each host does that when it runs, so that a turn in progress ends first.
void engine::is_short_of_room(const persistence::fault& why) {
  if (!was_full_.exchange(true))
    observer.say(log_level::error,
                 "there is no room: writes are refused until there is, reads go on: " + why.text);
  exec->post(upkeep_pool, [this] {
    wake_parked();
    hosts.wake_waiting();
  });
}

void engine::has_room() {
  if (was_full_.exchange(false))
    observer.say(log_level::info, "there is room again: writes are no longer refused");
  wake_parked();
}

void engine::wake_parked() {
  std::vector<std::shared_ptr<host>> parked;
  {
    std::lock_guard lock(parked_mutex_);
    parked.swap(parked_);
  }
  for (auto& h : parked) h->wake();
}

void engine::footprint(std::ptrdiff_t change) {
  if (change == 0) return;  // most turns: touches nothing shared between threads
  const auto total = memory_ += change;
  if (change <= 0 || total <= static_cast<std::ptrdiff_t>(options.memory)) return;
  if (passivating_.exchange(true)) return;
  exec->post(upkeep_pool, [this] { passivate(); });
}

void engine::passivate() {
  const auto target = static_cast<std::ptrdiff_t>(options.memory - options.memory / 8);
  // A first round only clears the marks of recent use; two rounds without effect mean that all hosts
  // are busy.
  for (int in_vain = 0; memory_ > target && in_vain < 2;)
    in_vain = hosts.passivate(4096) == 0 ? in_vain + 1 : 0;
  passivating_ = false;
}

void engine::commit_failed(const persistence::fault& why) {
  if (why.code != persistence::errc::not_written)
    return fail("the commit log cannot be written: " + why.text);
  // Lack of room has already been logged, once for all refused writes.
  if (!store->load_state().full)
    observer.say(log_level::error, "the commit log cannot be written: " + why.text);
  drop_all(engine_state::recovering, commit_outcome::not_applied,
           failure{cause::unavailable, "not applied: " + why.text, true});
  exec->post(upkeep_pool, [this] { restart_log(); });
}

void engine::fail(const std::string& why) {
  const bool first = !told_failed_.exchange(true);
  if (first) observer.say(log_level::error, why);
  drop_all(engine_state::failed, commit_outcome::unknown,
           failure{cause::unknown_outcome, why, false});
  ends.forget();
  if (first && options.on_failed) options.on_failed(why);
}

void engine::drop_all(engine_state next, commit_outcome outcome, const failure& why) {
  std::uint64_t epoch = 0;
  {
    std::lock_guard lock(changing_);
    if (state() != engine_state::closed && state() != engine_state::failed) state_ = next;
    log.drop_all(outcome);
    epoch = log.epoch();
  }
  hosts.drop_all(epoch, why);
}

// Begins the new term by a probe write; until that succeeds the node refuses everything.
void engine::restart_log() {
  if (state() != engine_state::recovering) return;
  const auto term = store->begin_term();
  if (!term) {
    if (term.error().code != persistence::errc::not_written) return commit_failed(term.error());
    return timers.lend_alarm(exec->now() + std::chrono::seconds(1), [this] { restart_log(); });
  }
  log.begin(*term, store->durable());
  if (const auto done = recover(); !done)
    return fail("what is pending cannot be read again: " + done.error().text);
  if (state() == engine_state::ready && !store->must_wait())
    observer.say(log_level::info, "the commit log takes writes again");
}

result<> engine::recover() {
  const auto epoch = log.epoch();
  if (auto settled = letters.recover(); !settled) return settled;
  recovery reading(*this, epoch);
  if (auto done = reading.read(); !done) return done;
  clock.begin(reading.clock());
  activities.disown();
  {
    std::lock_guard lock(changing_);
    // Closed meanwhile, or another commit failed: that failure brings its own restart.
    if (log.epoch() != epoch) return done;
    if (state() != engine_state::opening && state() != engine_state::recovering) return done;
    state_ = engine_state::ready;
  }
  reading.resume();
  on_trial.begin();  // needs timers, which run from here on
  // In simulated time nothing hangs.
  if (options.slate && !exec->simulated() && !std::exchange(watching_, true)) watch();
  return done;
}

void engine::watch() {
  for (const auto& turn : options.slate->hanging(exec->now() - limits::hanging))
    observer.say(log_level::warning,
                 "a turn of " + turn.who.type + "/" + turn.who.key + " has not ended for " +
                     std::to_string(std::chrono::duration_cast<std::chrono::seconds>(exec->now() -
                                                                                     turn.started)
                                        .count()) +
                     " s: operations and orchestrators must not block");
  timers.run_at(now() + limits::hanging, [this] { watch(); });
}

void engine::close() {
  {
    std::lock_guard lock(changing_);
    if (state_.exchange(engine_state::closed) == engine_state::closed) return;
  }
  hosts.drop_all(~std::uint64_t{0}, failure{cause::unavailable, "the node is stopping", true});
  exec->stop();
  ends.forget();
  shut_ = true;
  store->close();
}

}  // namespace reprise::runtime
