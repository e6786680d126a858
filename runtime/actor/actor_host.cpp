#include "runtime/actor/actor_host.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "persistence/keys.hpp"
#include "persistence/limits.hpp"
#include "runtime/actor/lock_table.hpp"
#include "runtime/commit/spans.hpp"
#include "runtime/commit/transition.hpp"
#include "runtime/commit/turn_services.hpp"
#include "runtime/message/records.hpp"

namespace reprise::runtime {

namespace keys = persistence::keys;

namespace {

std::uint64_t seed_of(const message_id& id) {
  std::uint64_t x = id.term * 0x9E3779B97F4A7C15u ^ id.at * 0xBF58476D1CE4E5B9u ^ id.index;
  x ^= x >> 31;
  return x * 0x94D049BB133111EBu;
}

failure unbound(const address& a, const std::string& operation) {
  return {cause::unbound,
          "no operation \"" + operation + "\" of actor type \"" + a.type +
              "\" is bound in this program",
          false};
}

// The id for a start without one: derived from the message's own id, so it is never used again.
std::string derived_id(const transition& t) {
  const auto g = t.as_generation();
  return "started-" + std::to_string(g.term) + '.' + std::to_string(g.position) + '.' +
         std::to_string(t.messages());
}

// True for a `tell` of an operation that is bound as transient. Most are sent within one type, so that
// is looked up first.
bool has_no_record(const turn_services& s, const bound_actor* own, const internal::emission& sent) {
  if (sent.kind != internal::emission_kind::tell) return false;
  const auto* actor = own && own->type == sent.what.name ? own : s.app.find_actor(sent.what.name);
  const auto* bound = actor ? actor->find(sent.what.operation) : nullptr;
  return bound && bound->transient;
}

// Shortens a scan's bound to max_entry_key bytes, as no stored key is longer: a longer bound becomes
// the first one after all keys that begin like it. nullopt: after all keys.
std::optional<std::string> bound_among_entries(std::string bound) {
  if (bound.size() <= limits::max_entry_key) return bound;
  bound.resize(limits::max_entry_key);
  while (!bound.empty() && bound.back() == '\xff') bound.pop_back();
  if (bound.empty()) return std::nullopt;
  ++bound.back();
  return bound;
}

// The keys of an actor's entries in [first, last); empty `last`: to the end of the table.
std::pair<std::string, std::string> range_of(const address& a, const std::string& table,
                                             const std::string& first, const std::string& last) {
  const auto end = keys::entries_range(a.type, a.key, table).second;
  const auto place = [&](const std::string& bound) {
    const auto among = bound_among_entries(bound);
    return among ? keys::entry(a.type, a.key, table, *among) : end;
  };
  return {place(first), last.empty() ? end : place(last)};
}

std::size_t size_of(const result<payload>& answer) noexcept {
  return answer ? answer->size() : answer.error().text.size();
}

// Returns the limit that the turn's result exceeds, or null. What the transition adds to it is counted
// there.
const char* passed_limit(const internal::turn_result& r) {
  std::size_t bytes = (r.state ? r.state->size() : 0) + size_of(r.answer);
  for (const auto& e : r.entries) bytes += e.key.size() + (e.value ? e.value->size() : 0);
  for (const auto& e : r.emissions) {
    bytes += e.what.input.size() + 512;
    // An instance refuses a larger event, and nobody could be told.
    if (e.kind == internal::emission_kind::raise &&
        e.what.input.size() > limits::max_bytes_per_turn / 2)
      return "max_bytes_per_turn with an event of more than half of it";
  }
  const bool long_key = std::any_of(r.entries.begin(), r.entries.end(), [](const auto& e) {
    return e.key.size() > limits::max_entry_key;
  });
  return long_key                                             ? "max_entry_key"
         : bytes > limits::max_bytes_per_turn                 ? "max_bytes_per_turn"
         : r.emissions.size() > limits::max_messages_per_turn ? "max_messages_per_turn"
                                                              : nullptr;
}

internal::turn_result stopped_by(const char* limit) {
  internal::turn_result r;
  r.answer = failure{cause::limit, std::string("the operation passed ") + limit, false};
  return r;
}

}  // namespace

actor_host::actor_host(turn_services& s, address self, std::uint64_t epoch)
    : host(s, std::move(self), epoch), binding_(s.app.find_actor(self_.type)) {
  const auto lock = s.locks.find(self_);
  locked_ = lock.has_value();
  if (lock && lock->holder) box().shut();
}

void actor_host::activate() {
  if (!binding_) return activated();
  persistence::load_request request;
  request.keys = {keys::actor(self_.type, self_.key)};
  // The horizon matters after a turn that exceeded a limit: the turns before it may not be durable yet.
  load(
      std::move(request), while_loading::blocking,
      [this](persistence::load_answer a) {
        if (a.error) return unread("the state", *a.error);
        if (!a.corrupt.empty()) return damaged("the state");
        object_ = binding_->code->make();
        std::optional<records::actor> record = records::actor{};
        recorded_ = a.values.front().has_value();
        if (recorded_) record = records::decode_actor(*a.values.front());
        try {
          if (!record) throw failed({cause::corrupt, "", false});
          object_->load(std::move(record->state));
        } catch (const failed&) {  // the bytes are not of the bound type
          return damaged("the state");
        }
        set_footprint(sizeof *this + object_->footprint());
        activated();
      },
      horizon());
}

void actor_host::damaged(const std::string& what) {
  auto text = what + " of actor " + self_.type + "/" + self_.key + " is damaged; run store check";
  quarantine(text);
  if (!turn_) return;
  auto asked = std::move(turn_->asked);
  turn_.reset();
  refuse(std::move(asked), failure{cause::corrupt, std::move(text), false});
}

void actor_host::unread(const std::string& what, const persistence::fault& why) {
  if (why.code == persistence::errc::corrupt) return damaged(what + " (" + why.text + ")");
  message_ptr asked;
  if (turn_) asked = std::move(turn_->asked);
  turn_.reset();
  if (!object_) deactivated();
  rest(why, std::move(asked));
}

void actor_host::handle(message_ptr m) {
  if (std::holds_alternative<lock_body>(m->body)) return lock(*m);
  const auto* release = std::get_if<unlock_body>(&m->body);
  if (release && !m->once) return unlock(*m, *release);
  const auto* call = std::get_if<call_body>(&m->body);
  if (!call && !release && !std::holds_alternative<erase_body>(m->body))
    return refuse(std::move(m), failure{cause::invalid, "an actor does not take this", false});
  if (out_of_section(*m))
    return refuse(std::move(m),
                  failure{cause::cancelled, "the critical section of this call has ended", false});
  turn_ = std::make_unique<turn>(std::move(m), now());
  if (binding_ && call) turn_->operation = binding_->find(call->operation);
  run_turn();
}

void actor_host::run_turn() {
  auto& asked = *turn_->asked;
  if (asked.once && !turn_->once.known) {
    const auto key = dedup_key(self_, once_scope(asked), *asked.once);
    if (const auto own = own_.find(key, 0)) {
      turn_->once = read_dedup(*own, services_.clock);
    } else {
      persistence::load_request request;
      request.keys = {key};
      return load(std::move(request), while_loading::blocking, [this](persistence::load_answer a) {
        if (a.error) return unread("an idempotency record", *a.error);
        if (!a.corrupt.empty()) return damaged("an idempotency record");
        turn_->once = read_dedup(a.values.front(), services_.clock);
        run_turn();
      });
    }
  }
#ifdef REPRISE_MUTATION_trim_at_durable
  own_.trim(services_.log.durable());  // the page that was just loaded may be older
#endif
  if (turn_->once.record) {
    answer(asked, repeated(*turn_->once.record, *asked.once));
    turn_.reset();
    return;
  }
  if (const auto* release = std::get_if<unlock_body>(&asked.body)) {
    unlock(asked, *release);
    turn_.reset();
    return;
  }
  auto r = outcome();
  if (r.missing && turn_->loads < limits::max_loads_per_turn) return load_missing(*r.missing);
  if (r.missing) {
    r = internal::turn_result{};
    r.answer =
        failure{cause::limit, "the operation read more than max_loads_per_turn records", false};
  }
  end_turn(r);
}

internal::turn_result actor_host::outcome() {
  // Unbound code is reported as such, whatever state the actor has.
  const bool unknown = !turn_->erases() && !turn_->operation;
  auto why = unknown ? std::nullopt : unmet(*turn_->asked);
  if (!why && !turn_->erases()) return called();
  internal::turn_result r;
  if (why)
    r.answer = std::move(*why);
  else
    r.erased = true;
  return r;
}

internal::turn_result actor_host::called() {
  auto& asked = *turn_->asked;
  auto& call = std::get<call_body>(asked.body);
  if (!turn_->operation) {
    internal::turn_result refused;
    refused.answer = unbound(self_, call.operation);
    return refused;
  }
  return object_->run(*turn_->operation, call.input,
                      {self_.key, asked.sender, turn_->now, seed_of(asked.id)}, this);
}

// Checks the actor's current state, durable or not: the answer waits until that state is durable.
std::optional<failure> actor_host::unmet(const message& m) const {
  using kind = precondition::kind;
  if (!m.only_if) return std::nullopt;
  const auto& wanted = *m.only_if;
  const auto name = "actor " + self_.type + "/" + self_.key;
  const auto refused = [](std::string text) {
    return failure{cause::precondition_failed, std::move(text), false};
  };
  if (wanted.what == kind::absent) {
    if (!recorded_) return std::nullopt;
    return refused(name + " is there already");
  }
  if (!recorded_) return refused("there is no " + name);
  if (wanted.what == kind::exists) return std::nullopt;
  const auto tag = state_tag(object_->state());
  if (std::find(wanted.tags.begin(), wanted.tags.end(), tag) != wanted.tags.end())
    return std::nullopt;
  return refused("the state of " + name + " is another by now: read it again, then decide anew");
}

void actor_host::end_turn(internal::turn_result& r) {
  auto& asked = *turn_->asked;
  // When a limit stops the turn, the object already has its changes, so it is made again below.
  const auto* passed = passed_limit(r);
  if (passed) r = stopped_by(passed);
  const bool writes = r.state || r.erased || !r.entries.empty() ||
                      !std::all_of(r.emissions.begin(), r.emissions.end(), [this](const auto& e) {
                        return has_no_record(services_, binding_, e);
                      });
  const bool recorded = asked.durable || asked.from_timer || (asked.once && turn_->may_write()) ||
                        services_.letters.blames(self_);  // its count ends with this turn
  if (!writes && !recorded) {
    end_unrecorded(asked, r);
  } else {
    transition t(services_, self_, turn_->now);
    if (begin(t)) {
      auto put = put_turn(t, r);
      if (!t.fits(asked.reply ? size_of(r.answer) : 0)) {
        passed = "max_bytes_per_turn";
        r = stopped_by(passed);
        t.take_back();
        put = put_turn(t, r);
      }
      keep(t, r, std::move(put));
      t.answer(asked, std::move(r.answer));
      t.commit();
      // Erased from outside, not by its own code.
      if (r.erased && turn_->erases() && object_) object_->load({});
    }
  }
  turn_.reset();
  if (!own_.empty() && !loading()) own_.trim(services_.log.durable());
  if (passed) {
    object_.reset();
    return activate();
  }
  if (object_) set_footprint(sizeof *this + object_->footprint());
}

// The span of the current turn.
span actor_host::turn_told(const message& asked, const result<payload>& answer) const {
  const auto id = span_id(traced::turn, self_.type + '/' + self_.key,
                          {asked.id.term, asked.id.at, asked.id.index});
  return turn_span({asked.trace.caused_by(id), asked.trace.span, turn_->now, services_.now()},
                   self_, std::get<call_body>(asked.body).operation,
                   asked.reply || asked.done ? asked_as::call : asked_as::signal, answer);
}

message_id actor_host::unrecorded_id() {
  if (next_id_ % outside_ids::at_once == 0) next_id_ = services_.ids.next().index;
  return {0, services_.ids.nonce(), next_id_++};
}

// Nothing is written, so no position is taken: what is sent waits only for the current horizon. If
// nobody waits for an answer, the last message sent reuses the received one, whose fields are almost
// right already.
void actor_host::end_unrecorded(message& asked, internal::turn_result& r) {
  trace_context trace;
  if (asked.trace) {
    auto told = turn_told(asked, r.answer);
    trace = told.at;
    services_.log.when_durable(horizon(),
                               [&s = services_, told = std::move(told)](commit_outcome o) mutable {
                                 if (o == commit_outcome::durable)
                                   s.observer.report(std::move(told));
                               });
  }
  const auto now = turn_->now;
  const auto make = [&](message_ptr again = {}) {
    auto m = again ? std::move(again) : std::make_unique<message>();
    m->id = unrecorded_id();
    m->sent = now;
    m->horizon = horizon();
    return m;
  };
  const bool nobody_waits = !asked.reply && !asked.done && !asked.once && !asked.only_if;
  for (auto& e : r.emissions) {
    message_ptr m;
    if (nobody_waits && &e == &r.emissions.back()) {
      m = make(std::move(turn_->asked));
      m->sender = std::move(m->to);
      m->lane = lane::ordinary;
      m->timer_due = {};
    } else {
      m = make();
      m->sender = self_;
    }
    m->to.type = std::move(e.what.name);
    m->to.key = std::move(e.what.key);
    auto& call = std::get<call_body>(m->body);
    call.operation = std::move(e.what.operation);
    call.input = std::move(e.what.input);
    m->trace = trace;
    if (e.due <= now) {
      services_.router.send(std::move(m), epoch_);
      continue;
    }
    m->timer_due = e.due;
    services_.timers.set_unrecorded(std::move(m));
  }
  if (!turn_->asked) return;
  if (!asked.reply) return answer(asked, std::move(r.answer));
  auto m = make();
  m->sender = self_;
  m->to = {address_kind::instance, "", asked.reply->instance};
  m->body = answer_body{
      asked.reply->generation, asked.reply->step, std::move(r.answer), asked.reply->attempt, {},
      asked.reply->round};
  m->lane = lane::answers;
  services_.router.send(std::move(m), epoch_);
}

actor_host::written actor_host::put_turn(transition& t, internal::turn_result& r) {
  const auto& asked = *turn_->asked;
#ifdef REPRISE_MUTATION_no_consume_on_reject
  if (r.answer)
#endif
    t.consume(asked);
  if (asked.trace) {
    auto told = turn_told(asked, r.answer);
    t.carry(told.at);
    t.report(std::move(told));
  }
  auto writes = write(t, r);
  if (asked.once && turn_->may_write())
    writes.push_back(write_dedup(t, self_, once_scope(asked), *asked.once, r.answer));
  return writes;
}

actor_host::written actor_host::write(transition& t, internal::turn_result& r) {
  written all;
  if (r.erased) {
    t.erase(keys::actor(self_.type, self_.key));
    t.erase_range(keys::entries_of(self_.type, self_.key));
  }
  // An actor with entries but no state has a record too: actors are listed by it.
  const bool first_entry = (r.erased || !recorded_) && !r.entries.empty();
  if (r.state || first_entry)
    t.put(keys::actor(self_.type, self_.key),
          records::encode(records::actor{r.state.value_or(payload{}), t.now()}));
  for (const auto& e : r.entries) {
    auto& [key, value] =
        all.emplace_back(keys::entry(self_.type, self_.key, e.table, e.key), std::nullopt);
    if (e.value)
      t.put(key, value.emplace(records::encode_entry(*e.value)));
    else
      t.erase(key);
  }
  for (auto& e : r.emissions) send(t, e);
  return all;
}

void actor_host::send(transition& t, internal::emission& e) {
  switch (e.kind) {
    case internal::emission_kind::tell: {
      const bool unlogged = has_no_record(services_, binding_, e);
      address to{address_kind::actor, std::move(e.what.name), std::move(e.what.key)};
      call_body call{std::move(e.what.operation), std::move(e.what.input)};
      if (unlogged)
        t.send_unlogged(std::move(to), std::move(call), {}, e.due);
      else
        t.send(std::move(to), std::move(call), {}, e.due);
      break;
    }
    case internal::emission_kind::start:
      t.send(
          {address_kind::instance, "", e.what.key.empty() ? derived_id(t) : std::move(e.what.key)},
          start_body{std::move(e.what.name), std::move(e.what.input)});
      break;
    case internal::emission_kind::raise:
      t.send({address_kind::instance, "", std::move(e.what.key)},
             raised_body{std::move(e.what.name), std::move(e.what.input)});
      break;
  }
}

// Remembers what the transition wrote, for turns whose loads may not show it yet.
void actor_host::keep(const transition& t, const internal::turn_result& r, written all) {
  if (r.erased) {
    const auto gone = keys::entries_of(self_.type, self_.key);
    own_.erase_range(gone.first, gone.second, t.at());
  }
  if (r.erased || r.state || !r.entries.empty()) recorded_ = r.state || !r.entries.empty();
  for (auto& [key, value] : all)
    if (value)
      own_.put(std::move(key), *std::move(value), t.at());
    else
      own_.erase(std::move(key), t.at());
}

void actor_host::load_missing(const internal::need& n) {
  ++turn_->loads;
  persistence::load_request request;
  if (!n.last && n.first.size() > limits::max_entry_key) {
    internal::turn_result refused;
    refused.answer =
        failure{cause::limit, "a key of table " + n.table + " passed max_entry_key", false};
    return end_turn(refused);
  }
  if (!n.last) {
    auto key = keys::entry(self_.type, self_.key, n.table, n.first);
    request.keys = {key};
    return load(std::move(request), while_loading::blocking,
                [this, key = std::move(key)](persistence::load_answer a) {
                  if (a.error) return unread("an entry", *a.error);
                  if (!a.corrupt.empty()) return damaged("an entry");
                  turn_->values[key] = {a.at, std::move(a.values.front())};
                  run_turn();
                });
  }
  std::tie(request.first, request.last) = range_of(self_, n.table, n.first, *n.last);
  // Own erasures may hide as many stored entries.
  const auto hidden = own_.in_range(request.first, request.last);
  request.max_entries = wanted_limit_ > ~hidden ? ~std::size_t{0} : wanted_limit_ + hidden;
  request.max_bytes = limits::max_bytes_per_turn;
  const auto limit = wanted_limit_;
  auto range = std::pair(request.first, request.last);
  load(std::move(request), while_loading::blocking,
       [this, limit, wanted = request.max_entries,
        range = std::move(range)](persistence::load_answer a) {
         if (a.error) return unread("an entry", *a.error);
         if (!a.corrupt.empty()) return damaged("an entry");
         if (a.more && a.entries.size() < wanted) {  // cut by the byte limit
           internal::turn_result refused;
           refused.answer = failure{
               cause::limit, "a scan read more than max_bytes_per_turn; scan in pages", false};
           return end_turn(refused);
         }
         turn_->pages[range] = {a.at, limit, std::move(a.entries), a.more};
         run_turn();
       });
}

std::optional<actor_host::slot> actor_host::find(const std::string& table, const std::string& key) {
  if (key.size() > limits::max_entry_key) return std::nullopt;  // load_missing refuses it
  const auto full = keys::entry(self_.type, self_.key, table, key);
  const auto loaded = turn_->values.find(full);
  const auto read_at = loaded == turn_->values.end() ? 0 : loaded->second.at;
  std::optional<std::string> value;
  if (auto own = own_.find(full, read_at))
    value = std::move(*own);
  else if (loaded != turn_->values.end())
    value = loaded->second.value;
  else
    return std::nullopt;
  if (!value) return slot{};
  return slot{records::decode_entry(*value)};
}

std::optional<actor_host::page> actor_host::scan(const std::string& table, const std::string& first,
                                                 const std::string& last, std::size_t limit) {
  const auto [from, to] = range_of(self_, table, first, last);
  const auto found = turn_->pages.find({from, to});
  if (found == turn_->pages.end() || found->second.limit < limit) {
    wanted_limit_ = limit;
    return std::nullopt;
  }
  const auto& stored = found->second;
  std::map<std::string, std::string> merged(stored.entries.begin(), stored.entries.end());
  // Entries beyond a cut page are not known here.
  own_.merge(from, stored.more && !stored.entries.empty() ? stored.entries.back().first + '\0' : to,
             stored.at, merged);
  page out;
  const auto prefix = keys::entry(self_.type, self_.key, table, "").size();
  for (const auto& [key, value] : merged) {
    if (out.size() == limit) break;
    if (auto p = records::decode_entry(value)) out.emplace_back(key.substr(prefix), std::move(*p));
  }
  return out;
}

}  // namespace reprise::runtime
