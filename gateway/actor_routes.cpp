#include "gateway/internal/actor_routes.hpp"

#include "actors/limits.hpp"
#include "gateway/internal/idempotency_key.hpp"
#include "gateway/internal/problem.hpp"
#include "gateway/internal/text.hpp"
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
  request what;
  what.kind = request_kind::operation;
  what.name = actor.type;
  what.operation = name;
  what.key = key;
  what.input = std::move(*input);
  e->on.perform(std::move(what), std::move(*once), [e, out = operation->out](result<payload> done) {
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

void erase(const shared_exchange& e, const internal::actor_binding& actor, const std::string& key) {
  e->on.erase(actor.type, key, [e](result<> gone) {
    if (!gone) return fail(*e, gone.error());
    e->answer({204, "", "", {}});
  });
}

}  // namespace

void serve_actors(shared_exchange e) {
  const auto& path = e->where.segments;  // v1, actors, type, key, operation
  if (path.size() < 4 || path.size() > 5)
    return e->answer(problem(404, "no_route", "nothing is served at this path"));
  const bool on_actor = path.size() == 4;
  const auto& method = e->request.method;
  if (on_actor ? method != "GET" && method != "DELETE" : method != "POST") {
    const std::string wanted = on_actor ? "GET, DELETE" : "POST";
    auto refused = problem(405, "method", "only " + wanted + " is served here");
    refused.fields.emplace_back("Allow", wanted);
    return e->answer(std::move(refused));
  }
  const auto* actor = e->on.bound().find_actor(path[2]);
  if (actor == nullptr)
    return fail(*e, {cause::unbound, "no actor of type " + path[2] + " is bound", false});
  if (!is_key(path[3]))
    return fail(*e, {cause::invalid,
                     "this key is not allowed: 1 to 256 bytes, no control characters, none of / \\ "
                     "# ?, no leading @",
                     false});
  if (!on_actor) return perform(e, *actor, path[3], path[4]);
  if (method == "DELETE") return erase(e, *actor, path[3]);
  show(e, *actor, path[3]);
}

}  // namespace reprise::gateway
