#include "runtime/node.hpp"

#include <sys/random.h>
#include <xxhash.h>

#include <array>
#include <atomic>
#include <chrono>
#include <memory>
#include <utility>

#include "actors/actor/text.hpp"
#include "actors/fresh_key.hpp"
#include "persistence/keys.hpp"
#include "persistence/limits.hpp"
#include "runtime/instance/instance_failures.hpp"
#include "runtime/message/records.hpp"
#include "runtime/node/engine.hpp"
#include "runtime/node/node_access.hpp"
#include "runtime/query/instance_reader.hpp"
#include "runtime/query/listing.hpp"
#include "runtime/query/why.hpp"

namespace reprise {
namespace {

using runtime::engine;
using runtime::message;
namespace records = runtime::records;
namespace keys = persistence::keys;

// Returns 12 hexadecimal digits of milliseconds and 20 random ones: ids made one after another sort in
// that order, so what is written together stays together in the overlay and in the tables. Nobody can
// guess one.
std::string new_id(time_point now) {
  std::array<std::uint8_t, 16> bytes;
  while (::getrandom(bytes.data(), bytes.size(), 0) != ssize_t(bytes.size())) {
  }
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch());
  for (int i = 0; i < 6; ++i)
    bytes[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(ms.count() >> (40 - 8 * i));
  constexpr char digits[] = "0123456789abcdef";
  std::string id;
  id.reserve(2 * bytes.size());
  for (const auto byte : bytes) (id += digits[byte >> 4]) += digits[byte & 15];
  return id;
}

std::optional<runtime::once> once_of(const engine& e, const ask_options& o) {
  if (!o.once) return std::nullopt;
  return runtime::once{e.names.bytes({"once", o.once->principal, o.once->key}), o.once->body};
}

// Returns the id of an instance that was started without one. With an idempotency key it is derived
// from principal, purpose and key, so that a repeated request names the same instance.
std::string unnamed_id(engine& e, const ask_options& o, std::string_view what,
                       std::string_view of) {
  if (!o.once) return new_id(e.now());
  return e.names.digits({what, o.once->principal, of, o.once->key});
}

failure bad_key(const std::string& key) {
  return {cause::invalid,
          "\"" + internal::shortened(key, max_key) + "\" is no key: " + std::string(what_keys_are),
          false};
}

failure no_operation(const request& what) {
  return {
      cause::invalid,
      "\"" + what.name +
          "\" is no operation of an actor: an orchestration is started, an event is raised, and an "
          "activity is awaited by an orchestration",
      false};
}

// Checks a request, whoever sends it. Every kind of message must be listed here.
struct refusal_of {
  using refused = std::optional<failure>;
  refused operator()(const runtime::call_body& b) const {
    if (!is_name(b.operation)) return failure{cause::invalid, "the operation has no name", false};
    return input(b.input.size());
  }
  refused operator()(const runtime::start_body& b) const { return input(b.input.size()); }
  refused operator()(const runtime::raised_body& b) const {
    if (b.event.empty() || b.event.size() > max_key)
      return failure{cause::invalid, "the name of an event has 1 to 256 bytes", false};
    return input(b.value.size());
  }
  refused operator()(const runtime::terminate_body& b) const { return reason(b.reason); }
  refused operator()(const runtime::suspend_body& b) const { return reason(b.reason); }
  refused operator()(const runtime::resume_body& b) const { return reason(b.reason); }
  refused operator()(const runtime::rewind_body& b) const { return reason(b.reason); }
  refused operator()(const runtime::restart_body&) const { return std::nullopt; }
  refused operator()(const runtime::purge_body&) const { return std::nullopt; }
  refused operator()(const runtime::unlock_body&) const { return std::nullopt; }
  refused operator()(const runtime::erase_body&) const { return std::nullopt; }
  refused operator()(const runtime::lock_body&) const { return inside(); }
  refused operator()(const runtime::answer_body&) const { return inside(); }
  refused operator()(const runtime::fired_body&) const { return inside(); }
  refused operator()(const runtime::retire_body&) const { return inside(); }
  refused operator()(const runtime::expire_body&) const { return inside(); }

  static refused input(std::size_t bytes) {
    if (bytes <= limits::max_bytes_per_turn / 2) return std::nullopt;
    return failure{cause::limit, "the input is larger than half of max_bytes_per_turn", false};
  }
  static refused reason(const std::string& text) {
    if (text.size() <= limits::max_reason_bytes) return std::nullopt;
    return failure{cause::limit, "the reason is longer than max_reason_bytes", false};
  }
  static refused inside() {
    return failure{cause::invalid, "this is sent from inside of the node only", false};
  }
};

// True if the request may create an actor or an instance of this key.
bool makes(const runtime::message_body& body) {
  return std::holds_alternative<runtime::call_body>(body) ||
         std::holds_alternative<runtime::start_body>(body) ||
         std::holds_alternative<runtime::restart_body>(body);
}

// Sends one message from outside, or answers with the reason why not.
void send(engine& e, address to, runtime::message_body body, const ask_options& o,
          node::when_answered told) {
  if (!is_key(to.key) || (makes(body) && !is_fresh_key(to.key))) return told(bad_key(to.key));
  if (to.kind == address_kind::actor && !is_name(to.type))
    return told(failure{cause::invalid, "the type of the actor is no name", false});
  const bool of_instance = o.only_if && o.only_if->what == precondition::kind::created_at;
  if (o.only_if && of_instance != (to.kind == address_kind::instance))
    return told(failure{cause::invalid,
                        "this precondition is of an actor, or created_at, which is of an instance",
                        false});
  if (auto refused = std::visit(refusal_of{}, body)) return told(*std::move(refused));
  if (!e.admits()) return told(e.refusal());
  auto m = std::make_unique<message>();
  m->id = e.ids.next();
  m->to = std::move(to);
  m->sent = e.now();
  m->once = once_of(e, o);
  if (o.only_if) m->only_if = std::make_unique<const precondition>(*o.only_if);
  if (o.trace && o.trace.sampled && e.options.spans) m->trace = o.trace;
  m->body = std::move(body);
  m->lane = runtime::lane_of(*m);
  m->done = runtime::callback<result<payload>>(std::move(told));
  e.deliver(std::move(m));
}

// Checks a list's prefix, and its cursor: the last key before the page.
std::optional<failure> no_place(const std::string& prefix, const std::string& cursor) {
  for (const auto* one : {&prefix, &cursor})
    if (!one->empty() && !is_key(*one)) return bad_key(*one);
  return std::nullopt;
}

node::when_answered without_value(std::function<void(result<>)> told) {
  return [told = std::move(told)](result<payload> r) {
    told(r ? result<>(done) : result<>(r.error()));
  };
}

node::when_answered with_id(std::function<void(result<std::string>)> told) {
  return [told = std::move(told)](result<payload> r) {
    told(r ? result<std::string>(std::string(r->bytes())) : result<std::string>(r.error()));
  };
}

void steer(engine& e, std::string id, runtime::message_body what, const ask_options& o,
           node::when_done told) {
  send(e, {address_kind::instance, "", std::move(id)}, std::move(what), o,
       without_value(std::move(told)));
}

// A wait for the end of an instance. Its callback is called once, at the latest by the destructor.
template <class T>
class end_listener {
 public:
  explicit end_listener(std::function<void(result<T>)> told) : told_(std::move(told)) {}
  end_listener(const end_listener&) = delete;
  end_listener& operator=(const end_listener&) = delete;
  ~end_listener() {
    tell(failure{cause::unavailable, "the node stopped before the instance ended", true});
  }

  void tell(result<T> s) {
    if (!heard_.exchange(true)) told_(std::move(s));
  }

  // `waiting`: its number in end_listeners.
  void listen(engine& e, const std::string& id, std::uint64_t waiting) {
    waiting_ = waiting;
    if (heard_) e.ends.remove(id, waiting);
  }
  void stop(engine& e, const std::string& id) {
    heard_ = true;
    e.ends.remove(id, waiting_);
  }

 private:
  const std::function<void(result<T>)> told_;
  std::atomic<bool> heard_{false};
  std::atomic<std::uint64_t> waiting_{0};
};

// Listens first and reads the status second, so that an end in between is not missed. If the instance
// is running again when the status is read, the wait continues.
void wait_for_end(engine& e, const std::string& id,
                  const std::shared_ptr<end_listener<instance_status>>& who) {
  const auto waiting = e.ids.next().index;
  e.ends.add(id, waiting, [&e, id, who](const result<payload>&) {
    runtime::load_status(e.services, id, with_history::no,
                         [&e, id, who](result<instance_status> s) {
                           if (s && !is_terminal(s->state)) return wait_for_end(e, id, who);
                           who->tell(std::move(s));
                         });
  });
  who->listen(e, id, waiting);
  runtime::load_status(e.services, id, with_history::no,
                       [&e, id, waiting, who](result<instance_status> s) {
                         if (s && !is_terminal(s->state)) return;
                         e.ends.remove(id, waiting);
                         who->tell(std::move(s));
                       });
}

// Starts under a new id, which nobody else knows: the first end reported for it is this run's, so its
// outcome need not be read.
void start_to_end(node& on, engine& e, request what, ask_options o, node::when_answered told) {
  const auto id = what.key = new_id(e.now());
  const auto who = std::make_shared<end_listener<payload>>(std::move(told));
  const auto waiting = e.ids.next().index;
  e.ends.add(id, waiting, [who](const result<payload>& outcome) { who->tell(outcome); });
  on.start(std::move(what), std::move(o), [&e, id, waiting, who](result<std::string> started) {
    if (started) return;
    who->tell(started.error());
    e.ends.remove(id, waiting);
  });
}

}  // namespace

result<std::unique_ptr<node>> internal::node_access::open(std::unique_ptr<runtime::engine> e) {
  if (const auto recovered = e->recover(); !recovered) return recovered.error();
  return std::unique_ptr<node>(new node(std::move(e)));
}

node::node(std::unique_ptr<engine> e) : engine_(std::move(e)) {}
node::~node() {
  if (engine_) close();
}
void node::close() { engine_->close(); }

void node::dead_letters(std::string after, std::function<void(result<dead_letter_page>)> told) {
  engine_->letters.list(std::move(after), std::move(told));
}
void node::retry_dead_letter(std::string id, std::function<void(result<>)> told) {
  engine_->letters.retry(std::move(id), std::move(told));
}
void node::drop_dead_letter(std::string id, std::function<void(result<>)> told) {
  engine_->letters.drop(std::move(id), std::move(told));
}

const application& node::bound() const noexcept { return engine_->app; }
bool node::ready() const noexcept { return engine_->admits(); }
bool node::failed() const noexcept { return engine_->state() == runtime::engine_state::failed; }
std::uint64_t node::commits() const noexcept { return engine_->log.groups(); }

node_figures node::figures() const {
  node_figures now;
  now.resident = engine_->hosts.size();
  now.resident_bytes = engine_->resident_bytes();
  now.timers = engine_->timers.resident();
  now.passivated = engine_->hosts.passivated();
  const auto written = engine_->log.written();
  now.groups = engine_->log.groups();
  now.transitions = written.transitions;
  now.bytes = written.bytes;
  now.committing = written.took;
  now.sweeps = engine_->sweeps.figures();
  const auto durable = engine_->log.durable();  // read first, as it only grows
  now.behind_horizon = engine_->log.newest() - durable;
  const auto load = engine_->store->load_state();
  now.log_bytes = load.log_bytes;
  now.overlay_bytes = load.overlay_bytes;
  now.must_wait = load.must_wait;
  now.full = load.full;
  return now;
}

void node::perform(request what, ask_options o, when_answered told) {
  send(*engine_, {address_kind::actor, std::move(what.name), std::move(what.key)},
       runtime::call_body{std::move(what.operation), std::move(what.input)}, o, std::move(told));
}

void node::start(request what, ask_options o, std::function<void(result<std::string>)> told) {
  if (!engine_->app.newest_orchestration(what.name)) return told(runtime::unbound(what.name));
  auto id = what.key.empty() ? unnamed_id(*engine_, o, "start", what.name) : std::move(what.key);
  send(*engine_, {address_kind::instance, "", std::move(id)},
       runtime::start_body{std::move(what.name), std::move(what.input), what.reuse, what.due}, o,
       with_id(std::move(told)));
}

void node::raise(std::string id, std::string event, payload value, ask_options o,
                 std::function<void(result<>)> told) {
  send(*engine_, {address_kind::instance, "", std::move(id)},
       runtime::raised_body{std::move(event), std::move(value)}, o, without_value(std::move(told)));
}

void node::raise(const request& event, std::function<void(result<>)> told) {
  raise(event.key, event.name, event.input, {}, std::move(told));
}

void node::terminate(std::string id, std::string reason, ask_options o, when_done told,
                     children which) {
  steer(*engine_, std::move(id),
        runtime::terminate_body{std::move(reason), which == children::included}, o,
        std::move(told));
}
void node::suspend(std::string id, std::string reason, ask_options o, when_done told) {
  steer(*engine_, std::move(id), runtime::suspend_body{std::move(reason)}, o, std::move(told));
}
void node::resume(std::string id, std::string reason, ask_options o, when_done told) {
  steer(*engine_, std::move(id), runtime::resume_body{std::move(reason)}, o, std::move(told));
}
void node::rewind(std::string id, std::string reason, ask_options o, when_done told) {
  steer(*engine_, std::move(id), runtime::rewind_body{std::move(reason)}, o, std::move(told));
}
void node::purge(std::string id, ask_options o, when_done told, children which) {
  steer(*engine_, std::move(id), runtime::purge_body{which == children::included}, o,
        std::move(told));
}

void node::restart(std::string id, std::string new_id, ask_options o,
                   std::function<void(result<std::string>)> told) {
  if (!is_key(id)) return told(bad_key(id));
  if (new_id.empty()) new_id = unnamed_id(*engine_, o, "restart", id);
  // The key is recorded under the new id, so the old id becomes part of the request's hash.
  if (o.once && new_id != id)
    o.once->body = XXH3_64bits_withSeed(id.data(), id.size(), o.once->body);
  send(*engine_, {address_kind::instance, "", std::move(new_id)},
       runtime::restart_body{std::move(id)}, o, with_id(std::move(told)));
}

void node::unlock(std::string type, std::string key, ask_options o, when_done told) {
  if (!is_name(type))
    return told(failure{cause::invalid, "\"" + type + "\" is no type of actors", false});
  send(*engine_, {address_kind::actor, std::move(type), std::move(key)},
       runtime::unlock_body{{}, true}, o, without_value(std::move(told)));
}

handle<done_t> node::tell(const request& what, ask_options o) {
  handle<done_t> answer;
  if (what.kind != request_kind::operation) {
    answer.set(no_operation(what));
    return answer;
  }
  perform(what, std::move(o), [answer](result<payload> r) {
    if (r)
      answer.set(done);
    else
      answer.set(r.error());
  });
  return answer;
}

void node::perform_to_end(request what, ask_options o, when_answered told) {
  if (what.kind != request_kind::orchestration && what.kind != request_kind::operation)
    return told(no_operation(what));
  if (what.kind == request_kind::operation)
    return perform(std::move(what), std::move(o), std::move(told));
  if (what.key.empty() && !o.once)
    return start_to_end(*this, *engine_, std::move(what), std::move(o), std::move(told));
  start(std::move(what), std::move(o), [this, told = std::move(told)](result<std::string> id) {
    if (!id) return told(id.error());
    wait(*id, [told](result<instance_status> s) {
      // It has ended, so it has an outcome.
      told(s ? s->outcome.value() : result<payload>(s.error()));
    });
  });
}

void node::status(std::string id, with_history how,
                  std::function<void(result<instance_status>)> told) {
  if (!is_key(id)) return told(bad_key(id));
  runtime::load_status(engine_->services, std::move(id), how, std::move(told));
}

std::vector<activity_status> node::activities(const std::string& id) const {
  return engine_->activities.of(id);
}
std::vector<pool_status> node::pools() const {
  engine_->activities.replace_lost();
  return engine_->activities.pools();
}

std::optional<held_actor> node::hold_of(const std::string& type, const std::string& key) const {
  const auto lock = engine_->locks.find({address_kind::actor, type, key});
  if (!lock || !lock->holder) return std::nullopt;
  return held_actor{type, key, lock->holder->instance, lock->since};
}
std::vector<held_actor> node::held_actors(const actor_ref& after, std::size_t at_most) const {
  std::vector<held_actor> all;
  const address first{address_kind::actor, after.type, after.key};
  for (auto& [actor, lock] : engine_->locks.held(first, at_most))
    all.push_back({actor.type, actor.key, lock.holder->instance, lock.since});
  return all;
}

std::function<void()> node::watch(std::function<void(const std::string&)> tell) {
  auto& changes = engine_->changes;
  return [&changes, number = changes.add(std::move(tell))] { changes.remove(number); };
}

void node::why(std::string id, std::function<void(result<instance_waits>)> told) {
  if (!is_key(id)) return told(bad_key(id));
  runtime::explain(engine_->services, std::move(id), std::move(told));
}

std::function<void()> node::wait(std::string id,
                                 std::function<void(result<instance_status>)> told) {
  if (!is_key(id)) {
    told(bad_key(id));
    return [] {};
  }
  const auto who = std::make_shared<end_listener<instance_status>>(std::move(told));
  wait_for_end(*engine_, id, who);
  return [&e = *engine_, id, weak = std::weak_ptr(who)] {
    if (const auto still = weak.lock()) still->stop(e, id);
  };
}

void node::actor(std::string type, std::string key,
                 std::function<void(result<actor_status>)> told) {
  if (!is_key(key) || !is_name(type)) return told(bad_key(key));
  persistence::load_request read;
  read.keys = {keys::actor(type, key)};
  engine_->load(std::move(read), [told = std::move(told), type, key](persistence::load_answer a) {
    if (a.error) return told(failure{cause::unavailable, a.error->text, false});
    if (!a.corrupt.empty())
      return told(
          failure{cause::corrupt, "the state of actor " + type + "/" + key + " is damaged", false});
    if (!a.values.front())
      return told(failure{cause::not_found, "no actor " + type + "/" + key, false});
    auto record = records::decode_actor(*a.values.front());
    if (!record)
      return told(
          failure{cause::corrupt, "the state of actor " + type + "/" + key + " is damaged", false});
    told(actor_status{record->updated, std::move(record->state)});
  });
}

void node::erase(std::string type, std::string key, ask_options o, when_done told) {
  if (!engine_->app.find_actor(type))
    return told(
        failure{cause::unbound, "no actor type \"" + type + "\" is bound in this program", false});
  o.trace = {};  // only operations have turn spans
  send(*engine_, {address_kind::actor, std::move(type), std::move(key)}, runtime::erase_body{}, o,
       without_value(std::move(told)));
}

void node::list(instance_filter which, std::string cursor, std::size_t at_most,
                std::function<void(result<instance_page>)> told) {
  if (auto strange = no_place(which.prefix, cursor)) return told(*std::move(strange));
  runtime::list_instances(*engine_, std::move(which), std::move(cursor), at_most, std::move(told));
}

void node::list_actors(std::string type, std::string prefix, std::string cursor,
                       std::size_t at_most, std::function<void(result<actor_page>)> told) {
  if (!is_name(type)) return told(failure{cause::invalid, "\"" + type + "\" is no type", false});
  if (auto strange = no_place(prefix, cursor)) return told(*std::move(strange));
  runtime::list_actors(*engine_, std::move(type), std::move(prefix), std::move(cursor), at_most,
                       std::move(told));
}

void node::purge(instance_filter which, duration limit,
                 std::function<void(result<purge_report>)> told) {
  if (auto strange = no_place(which.prefix, {})) return told(*std::move(strange));
  if (!engine_->admits()) return told(engine_->refusal());
  runtime::purge_instances(engine_->services, std::move(which),
                           internal::later(engine_->now(), limit), std::move(told));
}

}  // namespace reprise
