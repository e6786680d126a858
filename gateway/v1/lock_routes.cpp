#include "gateway/v1/lock_routes.hpp"

#include "gateway/access/idempotency_key.hpp"
#include "gateway/api/query_parameters.hpp"
#include "gateway/json/json_writer.hpp"
#include "gateway/v1/native_routes.hpp"
#include "gateway/wire/problem.hpp"

namespace reprise::gateway {

namespace {

void append_lock(std::string& out, const held_actor& one) {
  object_writer object(out);
  {
    object_writer actor(object.member("actor"));
    actor.text("type", one.type);
    actor.text("key", one.key);
  }
  object.text("instance", one.instance);
  object.time("since", one.since);
}

}  // namespace

void list_locks(const shared_request& e) {
  parameters given(e->where);
  const auto limit = given.limit();
  const auto after = given.actor_cursor(cursor_kind::locks);
  if (given.refused()) return e->answer(problem(*given.refused()));
  const auto found = e->on.actors().held(after, limit);
  std::string entries;
  for (const auto& one : found) append_lock(entries.empty() ? entries : entries += ',', one);
  const auto next = found.size() < limit ? "" : found.back().type + '/' + found.back().key;
  e->answer(list_answer("locks", entries, cursor_of(cursor_kind::locks, next)));
}

void show_lock(const shared_request& e) {
  const auto& path = e->where.segments;  // v1, actors, type, key, lock
  const auto held = e->on.actors().hold_of({path[2], path[3]});
  if (!held)
    return e->answer(
        problem({cause::not_found, "nobody holds actor " + path[2] + "/" + path[3], false}));
  http_response answer{200, "application/json", {}, {}};
  append_lock(answer.body, *held);
  e->answer(std::move(answer));
}

void unlock_actor(const shared_request& e) {
  auto once = once_of(e->request);
  if (!once) return e->answer(problem(once.error()));
  e->on.operate().unlock({e->where.segments[2], e->where.segments[3]}, *std::move(once),
                         no_content(e));
}

}  // namespace reprise::gateway
