#include "runtime/host/host.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "persistence/keys.hpp"
#include "runtime/commit/transition.hpp"
#include "runtime/commit/turn_services.hpp"
#include "runtime/dead_letters/dead_letters.hpp"
#include "runtime/message/records.hpp"

namespace reprise::runtime {

namespace keys = persistence::keys;

namespace {

// Turns of one run; then other hosts go first. A run of quick turns may be longer, since switching
// hosts would cost more than the turns take.
constexpr int turns_per_run = 32, quick_turns_per_run = 256;
constexpr duration quick_run = std::chrono::microseconds(100);
// After a longer turn, what it made ready is handed over before the next turn.
constexpr duration quick_turn = std::chrono::microseconds(10);
// Warned about: it blocks a scheduler thread.
constexpr duration long_turn = std::chrono::seconds(1);
// Doubled each time, up to about a minute.
constexpr duration shortest_rest = std::chrono::seconds(1);
constexpr unsigned longest_rests = 6;

}  // namespace

host::host(turn_services& s, address self, std::uint64_t epoch)
    : services_(s), self_(std::move(self)), epoch_(epoch) {}

host::~host() {
  services_.admission.footprint(-static_cast<std::ptrdiff_t>(footprint_));
  for (auto* left = take_arrived(); left != nullptr;) left = std::unique_ptr<arrival>(left)->next;
}

void host::wake() {
  if (!is_over()) strand::wake(services_.exec);
}

std::shared_ptr<strand> host::rouse() { return is_over() ? nullptr : strand::rouse(); }

time_point host::now() { return services_.clock.at(looked_); }

void host::want() {
  wanted_ = true;
  wake();
}

void host::try_again() {
  to_try_again_ = true;
  wake();
}

void host::run() {
  auto before = runs_.load();
  if (before == over || !runs_.compare_exchange_strong(before, before + 1)) return;
  runs_on_ = std::this_thread::get_id();
  const auto began = looked_ = services_.exec.now();
  const auto has_time = [&](int turns) {
    return turns < turns_per_run ||
           // In a simulation the clock stands still.
           (turns < quick_turns_per_run && looked_ > began && looked_ - began < quick_run);
  };
  int turns = 0;
  while (use_arrived() || turns == 0) {
    if (is_over()) break;
    if (!services_.admission.may_run(*this)) {
      if (services_.admission.is_full()) turn_away(services_.admission.refusal());
      break;
    }
    if (is_resting()) break;
    used_ = true;
    if (phase_ == phase::cold && !is_visited()) {
      phase_ = phase::activating;
      activate();
      continue;
    }
    ++turns;
    while (has_time(turns) && take_one()) ++turns;
  }
  settle();
  box_.give_back();
  runs_on_ = std::thread::id();
  spent_ = phase_ == phase::cold || has_ended();
  holds_back_ = resting_ || put_back_;
  auto running = before + 1;
  const bool goes_on = !has_time(turns) || has_arrived();
  if (runs_.compare_exchange_strong(running, before + 2) && goes_on) wake();
}

// True if the host needs no activation now: nothing waits, or only records under its address are
// concerned.
bool host::is_visited() {
  if (blocking_loads_ > 0) return true;
  if (auto upkeep = box_.take_upkeep()) {
    forget_keys(std::move(upkeep));
    return true;
  }
  return !wanted_ && !put_back_ && box_.empty();
}

bool host::is_resting() {
  if (resting_ && (to_try_again_.exchange(false) || box_.holds_outside())) resting_ = false;
  return resting_;
}

// Takes the waiting callers once only: an answered one may send again at once.
void host::turn_away(const failure& why) {
  auto waiting = box_.take_outside();
  if (put_back_ && put_back_->done) waiting.push_back(std::move(put_back_));
  for (auto& m : waiting) m->done(why);
}

void host::rest(const persistence::fault& why, message_ptr back) {
  const failure told{cause::unavailable, "it cannot be read now: " + why.text, true};
  if (rests_ == 0)
    services_.observer.say(
        log_level::error,
        (self_.kind == address_kind::actor ? "actor " + self_.type + "/" : "instance ") +
            self_.key + ": " + told.text + "; this is tried again",
        instance_id());
  if (back) {
    assert(!put_back_);
    put_back_ = std::move(back);
  }
  resting_ = true;
  to_try_again_ = false;
  turn_away(told);
  const auto pause = shortest_rest * (1 << std::min(rests_++, longest_rests));
  services_.timers.run_at(services_.now() + pause, [who = weak_from_this()] {
    if (const auto there = who.lock()) static_cast<host&>(*there).try_again();
  });
}

// Returns the arrivals in their order.
host::arrival* host::take_arrived() {
  arrival* first = nullptr;
  for (auto* last = arrived_.exchange(nullptr); last != nullptr;) {
    auto* const before = std::exchange(last->next, first);
    first = std::exchange(last, before);
  }
  return first;
}

// Uses the answers to loads, including those that arrived at once while this run was loading.
bool host::use_arrived() {
  if (loads_ == 0) return false;
  auto* next = take_arrived();
  const bool any = next != nullptr;
  while (next != nullptr) {
    const std::unique_ptr<arrival> one(next);
    next = one->next;
    if (!is_over()) {
      const crash_slate::occupation here(services_.slate, self_, in_hand_, services_.exec.now());
      if (one->how == while_loading::blocking) --blocking_loads_;
      one->done(std::move(one->answer));
    }
    --loads_;
  }
  if (any) looked_ = services_.exec.now();
  if (blocking_loads_ == 0) {
    in_hand_ = {};
    if (any && !resting_) rests_ = 0;
  }
  return any;
}

// False: nothing can be taken now; a push, an arrival or a durable position will wake the host.
bool host::take_one() {
  if (is_over() || phase_.load() < phase::serving || blocking_loads_ > 0) return false;
  auto next = std::move(put_back_);
  if (!next) {
    auto [taken, to_load] = box_.take();
    next = std::move(taken);
    if (to_load) load_lane(*to_load);
    if (!next) {
      if (!to_load && !quarantined_) idle();
      return false;
    }
  }
  depend_on(next->horizon);
  if (took_ > quick_turn) {
    settle();
    services_.exec.share();
  }
  if (blocking_loads_ > 0) {
    put_back_ = std::move(next);
    return false;
  }
  const auto began = looked_;
  turn(std::move(next), began);
  looked_ = services_.exec.now();
  took_ = looked_ - began;
  if (took_ > long_turn)
    services_.observer.say(
        log_level::warning,
        "a turn of " + self_.type + "/" + self_.key + " took " +
            std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(took_).count()) +
            " ms: operations and orchestrators must not block",
        instance_id());
  return true;
}

void host::turn(message_ptr m, time_point began) {
  if (std::holds_alternative<expire_body>(m->body)) return forget_keys(std::move(m));
  if (quarantined_)
    return handles_quarantined(*m) ? handle(std::move(m)) : refuse(std::move(m), *quarantined_);
  if (self_.kind == address_kind::actor && services_.letters.any())
    if (const auto why = services_.letters.refusal(self_); why && !handles_quarantined(*m))
      return set_aside(std::move(m), *why);
  in_hand_ = name_of(*m);
  if (!services_.log.is_durable(m->horizon) && services_.letters.waits_for_disk(self_)) {
    const auto sent = m->horizon;
    load(
        {}, while_loading::blocking,
        [this, m = std::move(m)](const persistence::load_answer&) mutable { handle(std::move(m)); },
        sent);
  } else {
    const crash_slate::occupation here(services_.slate, self_, in_hand_, began);
    handle(std::move(m));
  }
  if (blocking_loads_ == 0) in_hand_ = {};
}

void host::load(persistence::load_request request, while_loading how,
                callback<persistence::load_answer> done, const runtime::horizon& not_before) {
  ++loads_;
  if (how == while_loading::blocking) ++blocking_loads_;
  auto arrive = [self = shared(), how,
                 done = std::move(done)](persistence::load_answer answer) mutable {
    auto* const came = new arrival{std::move(done), std::move(answer), how, self->arrived_.load()};
    while (!self->arrived_.compare_exchange_weak(came->next, came)) {
    }
    if (self->runs_on_ != std::this_thread::get_id()) self->wake();
  };
  if (services_.log.is_durable(not_before))
    return services_.reader.load(std::move(request), std::move(arrive));
  // If the log restarts meanwhile, this host is over and nobody waits for the answer.
  services_.log.when_durable(not_before, [&s = services_, request = std::move(request),
                                          arrive = std::move(arrive)](commit_outcome o) mutable {
    if (o == commit_outcome::durable) s.reader.load(std::move(request), std::move(arrive));
  });
}

// Called when the lane is empty in memory. Waits until everything the lane dropped and everything this
// host consumed is durable: then the view contains exactly the messages that are still to be taken.
void host::load_lane(lane l) {
  if (lane_loading_) return;
  lane_loading_ = true;
  settle();
  persistence::load_request page;
  std::tie(page.first, page.last) =
      keys::message_lane_range(records::owner_of(self_), static_cast<std::uint8_t>(l));
  page.max_entries = limits::mailbox_resident / 2;
  load(std::move(page), while_loading::others_go_on,
       [this, l](persistence::load_answer a) { lane_loaded(l, std::move(a)); },
       {epoch_, std::max(box_.mark(l), horizon_.load())});
}

void host::lane_loaded(lane l, persistence::load_answer page) {
  lane_loading_ = false;
  if (page.error)
    return page.error->code == persistence::errc::corrupt ? quarantine(page.error->text)
                                                          : rest(*page.error);
  std::vector<message_ptr> messages;
  bool damaged = !page.corrupt.empty();
  for (const auto& [key, value] : page.entries) {
    const auto where = keys::read_message(key);
    auto m = where ? records::decode_message(value) : nullptr;
    if (!m) {
      damaged = true;
      continue;
    }
    m->to = self_;
    m->lane = l;
    m->id = {where->term, where->position, where->index};
    m->horizon = {epoch_, page.at};
    messages.push_back(std::move(m));
  }
  // A damaged message keeps its record and is named; the quarantined owner never answers as if the
  // message did not exist.
  if (damaged) quarantine("a message record to " + self_.key + " is damaged; run store check");
  box_.loaded(l, page.at, page.more, std::move(messages));
}

// Only two things could make the host busy: a run, which changes runs_, and a push, which the shard's
// lock prevents.
bool host::retire_if_quiet() {
  auto resting = runs_.load();
  if (resting % 2 != 0) return false;  // running, or over
#ifndef REPRISE_MUTATION_passivate_dirty
  if (!services_.log.is_durable(horizon())) return false;
#endif
  if (loads_ > 0 || !box_.empty() || phase_ == phase::quarantined || holds_back_) return false;
  return runs_.compare_exchange_strong(resting, over);
}

void host::drop(const failure& why) {
  runs_ = over;
  for (auto& m : box_.drain())
    if (m->done) m->done(why);
}

bool host::begin(transition& t) {
  if (t.open(epoch_)) {
    depend_on(t.horizon());
    return true;
  }
  runs_ = over;
  return false;
}

void host::answer(message& m, result<payload> r) {
  if (!m.done) return;
  services_.log.when_durable(
      horizon(), [done = std::move(m.done), r = std::move(r)](commit_outcome o) mutable {
        done(settled(o, std::move(r)));
      });
}

void host::forget_keys(message_ptr m) {
  persistence::load_request stored;
  for (const auto& age : std::get<expire_body>(m->body).ages) {
    const auto old = keys::read_dedup_age(age);
    stored.keys.push_back(keys::dedup(old->record.to, old->record.operation, old->record.hash));
  }
  // No message is taken on this host until this load is used, so what it read stays true.
  auto wanted = stored.keys;
  load(
      std::move(stored), while_loading::blocking,
      [this, m = std::move(m), wanted = std::move(wanted)](persistence::load_answer a) {
        if (a.error) return answer(*m, failure{cause::unavailable, a.error->text, true});
        transition t(services_, self_, services_.now());
        if (!begin(t)) return;
        const auto& ages = std::get<expire_body>(m->body).ages;
        for (std::size_t i = 0; i < ages.size(); ++i) {
          t.erase(ages[i]);
          const auto record = a.values[i] ? records::decode_dedup(*a.values[i]) : std::nullopt;
          // A key that was used again since is young, and has a newer age entry.
          if (record &&
              record->at <= time_point(duration(keys::read_dedup_age(ages[i])->recorded_ns)))
            t.erase(wanted[i]);
        }
        t.answer(*m, payload{});
        t.commit();
      },
      horizon());
}

void host::refuse(message_ptr m, const failure& why) {
  if (!m->durable && !m->reply) return answer(*m, why);
  transition t(services_, self_, services_.now());
  if (!begin(t)) return;
  t.consume(*m);
  t.answer(*m, why);
  t.commit();
}

void host::set_aside(message_ptr m, const failure& why) {
  if (!m->durable && !m->from_timer) return refuse(std::move(m), why);
  transition t(services_, self_, services_.now());
  if (!begin(t)) return;
  t.consume(*m);
  t.answer(*m, why);
  records::dead_letter letter;
  letter.why = why;
  letter.at = t.now();
  const auto key = letter_of(self_, m->id);
  letter.what = std::move(m);
  t.put(key, records::encode(letter));
  t.commit();
}

void host::quarantine(std::string text) {
  services_.observer.say(log_level::error, text, instance_id());
  quarantined_ = std::make_unique<const failure>(failure{cause::corrupt, std::move(text), false});
  phase_ = phase::quarantined;
  box_.open();  // so that everything that waits is answered
}

void host::set_footprint(std::size_t bytes) {
  constexpr std::size_t place = 2 * sizeof(void*) +  // control block of its shared_ptr
                                6 * sizeof(void*);   // node in the directory
  const auto& key = self_.key;
  bytes += place + (key.capacity() < sizeof(std::string) / 2 ? 0 : key.capacity());
  services_.admission.footprint(static_cast<std::ptrdiff_t>(bytes) -
                                static_cast<std::ptrdiff_t>(footprint_));
  footprint_ = bytes;
}

}  // namespace reprise::runtime
