#include "runtime/node/outside_calls.hpp"

#include <sys/random.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <utility>
#include <variant>

#include "actors/actor/text.hpp"
#include "actors/fresh_key.hpp"
#include "persistence/limits.hpp"
#include "runtime/instance/instance_failures.hpp"
#include "runtime/node/engine.hpp"
#include "runtime/query/instance_reader.hpp"

namespace reprise::runtime {
namespace {

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

std::optional<once> once_of(const engine& e, const ask_options& o) {
  if (!o.once) return std::nullopt;
  return once{e.names.bytes({"once", o.once->principal, o.once->key}), o.once->body};
}

// Checks a request, whoever sends it. Every kind of message must be listed here.
struct refusal_of {
  using refused = std::optional<failure>;
  refused operator()(const call_body& b) const {
    if (!is_name(b.operation)) return failure{cause::invalid, "the operation has no name", false};
    return input(b.input.size());
  }
  refused operator()(const start_body& b) const { return input(b.input.size()); }
  refused operator()(const raised_body& b) const {
    if (b.event.empty() || b.event.size() > max_key)
      return failure{cause::invalid, "the name of an event has 1 to 256 bytes", false};
    return input(b.value.size());
  }
  refused operator()(const terminate_body& b) const { return reason(b.reason); }
  refused operator()(const suspend_body& b) const { return reason(b.reason); }
  refused operator()(const resume_body& b) const { return reason(b.reason); }
  refused operator()(const rewind_body& b) const { return reason(b.reason); }
  refused operator()(const restart_body&) const { return std::nullopt; }
  refused operator()(const purge_body&) const { return std::nullopt; }
  refused operator()(const unlock_body&) const { return std::nullopt; }
  refused operator()(const erase_body&) const { return std::nullopt; }
  refused operator()(const lock_body&) const { return inside(); }
  refused operator()(const answer_body&) const { return inside(); }
  refused operator()(const fired_body&) const { return inside(); }
  refused operator()(const retire_body&) const { return inside(); }
  refused operator()(const expire_body&) const { return inside(); }

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
bool makes(const message_body& body) {
  return std::holds_alternative<call_body>(body) || std::holds_alternative<start_body>(body) ||
         std::holds_alternative<restart_body>(body);
}

// A wait for the end of an instance. Its callback is called once, at the latest by the destructor.
template <class T>
class end_listener {
 public:
  explicit end_listener(when<T> told) : told_(std::move(told)) {}
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
  const when<T> told_;
  std::atomic<bool> heard_{false};
  std::atomic<std::uint64_t> waiting_{0};
};

// Listens first and reads the status second, so that an end in between is not missed. If the instance
// is running again when the status is read, the wait continues.
void listen_for_end(engine& e, const std::string& id,
                    const std::shared_ptr<end_listener<instance_status>>& who) {
  const auto waiting = e.ids.next().index;
  e.ends.add(id, waiting, [&e, id, who](const result<payload>&) {
    load_status(e.services, id, with_history::no, [&e, id, who](result<instance_status> s) {
      if (s && !is_terminal(s->state)) return listen_for_end(e, id, who);
      who->tell(std::move(s));
    });
  });
  who->listen(e, id, waiting);
  load_status(e.services, id, with_history::no, [&e, id, waiting, who](result<instance_status> s) {
    if (s && !is_terminal(s->state)) return;
    e.ends.remove(id, waiting);
    who->tell(std::move(s));
  });
}

}  // namespace

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

std::optional<failure> no_place(const std::string& prefix, const std::string& cursor) {
  for (const auto* one : {&prefix, &cursor})
    if (!one->empty() && !is_key(*one)) return bad_key(*one);
  return std::nullopt;
}

std::string unnamed_id(engine& e, const ask_options& o, std::string_view what,
                       std::string_view of) {
  if (!o.once) return new_id(e.now());
  return e.names.digits({what, o.once->principal, of, o.once->key});
}

void send_from_outside(engine& e, address to, message_body body, const ask_options& o,
                       when<payload> told) {
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
  m->lane = lane_of(*m);
  m->done = callback<result<payload>>(std::move(told));
  e.deliver(std::move(m));
}

when<payload> without_value(when<void> told) {
  return [told = std::move(told)](result<payload> r) {
    told(r ? result<>(done) : result<>(r.error()));
  };
}

when<payload> with_id(when<std::string> told) {
  return [told = std::move(told)](result<payload> r) {
    told(r ? result<std::string>(std::string(r->bytes())) : result<std::string>(r.error()));
  };
}

void steer(engine& e, std::string id, message_body what, const ask_options& o, when<void> told) {
  send_from_outside(e, {address_kind::instance, "", std::move(id)}, std::move(what), o,
                    without_value(std::move(told)));
}

void start_instance(engine& e, request what, ask_options o, when<std::string> told) {
  if (!e.app.newest_orchestration(what.name)) return told(unbound(what.name));
  auto id = what.key.empty() ? unnamed_id(e, o, "start", what.name) : std::move(what.key);
  send_from_outside(e, {address_kind::instance, "", std::move(id)},
                    start_body{std::move(what.name), std::move(what.input), what.reuse, what.due},
                    o, with_id(std::move(told)));
}

// Starts under a new id, which nobody else knows: the first end reported for it is this run's, so its
// outcome need not be read.
void start_to_end(engine& e, request what, ask_options o, when<payload> told) {
  const auto id = what.key = new_id(e.now());
  const auto who = std::make_shared<end_listener<payload>>(std::move(told));
  const auto waiting = e.ids.next().index;
  e.ends.add(id, waiting, [who](const result<payload>& outcome) { who->tell(outcome); });
  start_instance(e, std::move(what), std::move(o),
                 [&e, id, waiting, who](result<std::string> started) {
                   if (started) return;
                   who->tell(started.error());
                   e.ends.remove(id, waiting);
                 });
}

std::function<void()> wait_for_end(engine& e, std::string id, when<instance_status> told) {
  if (!is_key(id)) {
    told(bad_key(id));
    return {};
  }
  const auto who = std::make_shared<end_listener<instance_status>>(std::move(told));
  listen_for_end(e, id, who);
  return [&e, id, weak = std::weak_ptr(who)] {
    if (const auto still = weak.lock()) still->stop(e, id);
  };
}

}  // namespace reprise::runtime
