#include "gateway/internal/actor_routes.hpp"

#include "actors/limits.hpp"
#include "gateway/internal/idempotency_key.hpp"
#include "gateway/internal/native_routes.hpp"
#include "gateway/internal/parameters.hpp"
#include "gateway/internal/problem.hpp"
#include "gateway/internal/text.hpp"
#include "gateway/internal/time_text.hpp"
#include "gateway/json_in.hpp"
#include "gateway/json_out.hpp"

namespace reprise::gateway {

namespace {

using shared_exchange = std::shared_ptr<exchange>;

void fail(const exchange& e, const failure& f) { e.answer(problem(f)); }

void answer_json(const exchange& e, const payload_type& type, const payload& value) {
  outgoing answer{200, "application/json", {}, {}};
  const auto written = append_json(answer.body, type, value.bytes());
  if (!written) return fail(e, written.error());
  e.answer(std::move(answer));
}

void perform(const shared_exchange& e, const internal::actor_binding& actor, const std::string& key,
             const std::string& name) {
  const auto* operation = actor.find(name);
  if (operation == nullptr)
    return fail(*e, {cause::unbound,
                     "no operation " + name + " is bound to actors of type " + actor.type, false});
  if (!e->request.body.empty() && !is_json_media(e->request.content_type))
    return e->answer(
        problem(415, "media_type", "the body must be sent with Content-Type: application/json"));
  auto once = once_of(e->request);
  if (!once) return fail(*e, once.error());
  auto input = read_json(*operation->in, e->request.body);
  if (!input) {
    const auto& why = input.error();
    return e->answer(problem(why.why == cause::limit ? 413 : 400, to_string(why.why), why.text));
  }
  e->on.perform(operation_on(actor, key, name, std::move(*input)), std::move(*once),
                [e, out = operation->out](result<payload> done) {
                  if (!done) return fail(*e, done.error());
                  answer_json(*e, *out, *done);
                });
}

void show(const shared_exchange& e, const internal::actor_binding& actor, const std::string& key) {
  e->on.actor(actor.type, key, [e, type = actor.state](result<actor_status> found) {
    if (!found) return fail(*e, found.error());
    outgoing answer{200, "application/json", {}, {}};
    const auto written = append_json(answer.body, *type, found->state.bytes());
    if (!written && !found->state.bytes().empty()) return fail(*e, written.error());
    if (answer.body.empty())
      answer.body = "null";  // tables, and a state that was never written: a struct is as it began
    e->answer(std::move(answer));
  });
}

std::function<void(result<>)> when_done(const shared_exchange& e) {
  return [e](result<> r) {
    if (!r) return fail(*e, r.error());
    e->answer({204, "", "", {}});
  };
}

void append_actor(std::string& out, const listed_actor& one, const payload_type* state) {
  out += R"({"key":)";
  append_quoted(out, one.key);
  out += R"(,"updated":")";
  append_time(out, one.status.updated, precision::ticks);
  out += '"';
  if (state != nullptr) {
    out += R"(,"state":)";
    if (!append_json(out, *state, one.status.state.bytes())) out += "null";
  }
  out += '}';
}

void list(const shared_exchange& e, const std::string& type) {
  parameters given(e->where, {"prefix", "state", "limit", "cursor"});
  auto prefix = given.text("prefix");
  if (!prefix.empty() && !is_key(prefix)) given.refuse("prefix", "no key begins like this");
  const bool with_state = given.flag("state", true);
  const auto limit = given.limit();
  auto after = given.cursor(cursor_kind::actors);
  if (given.refused()) return fail(*e, *given.refused());
  const auto* actor = e->on.bound().find_actor(type);
  if (actor == nullptr)
    return fail(*e, {cause::unbound, "no actor of type " + type + " is bound", false});
  e->on.list_actors(
      type, std::move(prefix), std::move(after), limit,
      [e, state = with_state ? actor->state : nullptr](result<actor_page> found) {
        if (!found) return fail(*e, found.error());
        std::string entries;
        auto next = found->next;
        for (const auto& one : found->actors) {
          if (!entries.empty()) entries += ',';
          append_actor(entries, one, state);
          if (entries.size() <= max_page_bytes || &one == &found->actors.back()) continue;
          next = one.key;
          break;
        }
        e->answer(list_answer("actors", entries, cursor_of(cursor_kind::actors, next)));
      });
}

}  // namespace

request operation_on(const internal::actor_binding& actor, std::string key, std::string operation,
                     payload input) {
  request what;
  what.kind = request_kind::operation;
  what.name = actor.type;
  what.operation = std::move(operation);
  what.key = std::move(key);
  what.input = std::move(input);
  return what;
}

void serve_actors(shared_exchange e) {
  const auto& path = e->where.segments;  // v1, actors, type, key, operation
  if (path.size() < 3 || path.size() > 5) return e->answer(no_route());
  const auto& method = e->request.method;
  if (path.size() == 3) return method == "GET" ? list(e, path[2]) : e->answer(not_allowed("GET"));
  const bool on_actor = path.size() == 4;
  const bool unlocks = !on_actor && path[4] == "lock" && method == "DELETE";
  if (on_actor ? method != "GET" && method != "DELETE" : method != "POST" && !unlocks)
    return e->answer(not_allowed(on_actor            ? "GET, DELETE"
                                 : path[4] == "lock" ? "POST, DELETE"
                                                     : "POST"));
  if (!is_key(path[3]))
    return fail(*e, {cause::invalid,
                     "this key is not allowed: 1 to 256 bytes, no control characters, none of / \\ "
                     "# ?, no leading @",
                     false});
  if (unlocks) return e->on.unlock(path[2], path[3], when_done(e));
  const auto* actor = e->on.bound().find_actor(path[2]);
  if (actor == nullptr)
    return fail(*e, {cause::unbound, "no actor of type " + path[2] + " is bound", false});
  if (!on_actor) return perform(e, *actor, path[3], path[4]);
  if (method == "DELETE") return e->on.erase(actor->type, path[3], when_done(e));
  show(e, *actor, path[3]);
}

}  // namespace reprise::gateway
