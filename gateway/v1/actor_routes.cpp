#include "gateway/v1/actor_routes.hpp"

#include "actors/limits.hpp"
#include "gateway/access/idempotency_key.hpp"
#include "gateway/api/json_body.hpp"
#include "gateway/api/operation_request.hpp"
#include "gateway/api/query_parameters.hpp"
#include "gateway/json/json_in.hpp"
#include "gateway/json/json_out.hpp"
#include "gateway/json/json_writer.hpp"
#include "gateway/v1/native_routes.hpp"
#include "gateway/wire/entity_tag.hpp"
#include "gateway/wire/preference.hpp"
#include "gateway/wire/problem.hpp"

namespace reprise::gateway {

namespace {

void fail(const request_context& e, const failure& f) { e.answer(problem(f)); }

// Returns the state as JSON. An empty payload (an actor with tables only, a state never written) gives
// null, or the default value of a struct.
result<std::string> shown_state(const payload_type& type, const payload& state) {
  std::string out;
  const auto written = append_json(out, type, state.bytes());
  if (!written && !state.bytes().empty()) return written.error();
  if (out.empty()) out = "null";
  return out;
}

// Answers with the failure. A failed precondition also gets the ETag of the state as last committed.
void refuse(const shared_request& e, const bound_actor& actor, const failure& f) {
  if (f.why != cause::precondition_failed) return fail(*e, f);
  e->on.actors().state({actor.type, e->where.segments[3]},
                       [e, f, &actor](result<actor_status> found) {
                         auto answer = problem(f);
                         if (found) {
                           const auto shown = shown_state(*actor.state, found->state);
                           if (shown)
                             answer.fields.emplace_back("ETag", actor_tag(found->tag(), *shown));
                         }
                         e->answer(std::move(answer));
                       });
}

// Returns the idempotency key and the precondition of the request.
result<ask_options> options_of(const http_request& request) {
  auto options = once_of(request);
  if (!options) return options;
  auto condition = condition_of(request);
  if (!condition) return condition.error();
  options->only_if = *std::move(condition);
  return options;
}

// Returns the binding of the actor type in the path; null if it is unbound, which has been answered.
const bound_actor* actor_of(const shared_request& e) {
  const auto& type = e->where.segments[2];
  const auto* actor = e->on.bound().find_actor(type);
  if (actor == nullptr) fail(*e, {cause::unbound, "no actor of type " + type + " is bound", false});
  return actor;
}

void answer_json(const request_context& e, const payload_type& type, const payload& value) {
  http_response answer{200, "application/json", {}, {}};
  const auto written = append_json(answer.body, type, value.bytes());
  if (!written) return fail(e, written.error());
  e.answer(std::move(answer));
}

// Answers an operation with respond-async: it is done and durable, and its result is not sent.
void answer_told(const request_context& e) {
  http_response answer{202, "", "", {}};
  confirm_async(answer);
  e.answer(std::move(answer));
}

void append_actor(std::string& out, const listed_actor& one, const payload_type* state) {
  object_writer object(out);
  object.text("key", one.key);
  object.time("updated", one.status.updated);
  if (state == nullptr) return;
  auto& value = object.member("state");
  if (!append_json(value, *state, one.status.state.bytes())) value += "null";
}

}  // namespace

void call_operation(const shared_request& e) {
  const auto& path = e->where.segments;  // v1, actors, type, key, operation
  const auto* actor = actor_of(e);
  if (actor == nullptr) return;
  const auto* operation = actor->find(path[4]);
  if (operation == nullptr)
    return fail(*e,
                {cause::unbound,
                 "no operation " + path[4] + " is bound to actors of type " + actor->type, false});
  if (auto refused = refused_media(e->request)) return e->answer(std::move(*refused));
  auto options = options_of(e->request);
  if (!options) return fail(*e, options.error());
  std::string pointer;
  auto input = read_json(*operation->in, e->request.body, pointer);
  if (!input) return e->answer(problem(input.error(), pointer));
  e->on.perform(operation_on(*actor, path[3], path[4], std::move(*input)), *std::move(options),
                [e, actor, out = operation->out](result<payload> done) {
                  if (!done) return refuse(e, *actor, done.error());
                  if (prefers_async(e->request)) return answer_told(*e);
                  answer_json(*e, *out, *done);
                });
}

void read_actor(const shared_request& e) {
  const auto* actor = actor_of(e);
  if (actor == nullptr) return;
  e->on.actors().state(
      {actor->type, e->where.segments[3]}, [e, type = actor->state](result<actor_status> found) {
        if (!found) return fail(*e, found.error());
        auto shown = shown_state(*type, found->state);
        if (!shown) return fail(*e, shown.error());
        const auto tag = actor_tag(found->tag(), *shown);
        const auto known = found_among(tag, e->request.if_none_match);
        http_response answer{200, "application/json", *std::move(shown), {}};
        if (!known.empty()) answer = {304, "", "", {}};
        answer.fields.emplace_back("ETag", known.empty() ? std::string_view(tag) : known);
        e->answer(std::move(answer));
      });
}

void erase_actor(const shared_request& e) {
  const auto* actor = actor_of(e);
  if (actor == nullptr) return;
  auto options = options_of(e->request);
  if (!options) return fail(*e, options.error());
  e->on.actors().erase({actor->type, e->where.segments[3]}, *std::move(options),
                       [e, actor](result<> gone) {
                         if (!gone) return refuse(e, *actor, gone.error());
                         e->answer({204, "", "", {}});
                       });
}

void list_actors_of(const shared_request& e) {
  parameters given(e->where);
  auto prefix = given.text("prefix");
  if (!prefix.empty() && !is_key(prefix)) given.refuse("prefix", "no key begins like this");
  const bool with_state = given.flag("state", true);
  const auto limit = given.limit();
  auto after = given.cursor(cursor_kind::actors);
  if (given.refused()) return fail(*e, *given.refused());
  const auto* actor = actor_of(e);
  if (actor == nullptr) return;
  e->on.actors().list(
      {actor->type, std::move(prefix)}, {std::move(after), limit},
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

}  // namespace reprise::gateway
