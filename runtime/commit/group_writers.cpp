#include "runtime/commit/group_writers.hpp"

#include <utility>

#include "persistence/keys.hpp"
#include "runtime/message/records.hpp"

namespace reprise::runtime {

namespace keys = persistence::keys;
using persistence::table;
using persistence::write_kind;

namespace {

constexpr int looked_at = 8;  // of each transition's writes; the turn's own come first

std::optional<writer> of_instance(std::optional<std::string> id) {
  if (!id) return std::nullopt;
  return writer{{address_kind::instance, "", *std::move(id)}, {}};
}

std::optional<writer> consumer_of(std::string_view erased) {
  if (const auto m = keys::read_message(erased))
    return writer{records::address_of(m->to),
                  {{m->term, m->position, m->index},
                   {},
                   record_name::table::messages,
                   static_cast<lane>(m->lane)}};
  const auto t = keys::read_timer(erased);
  if (!t) return std::nullopt;
  if (t->to.kind != static_cast<std::uint8_t>(address_kind::actor))
    return writer{records::address_of(t->to), {}};
  return writer{records::address_of(t->to),
                {{t->a, t->b, t->c},
                 time_point(duration(t->due_ns)),
                 record_name::table::timers,
                 lane::answers}};
}

std::optional<writer> owner_of(std::string_view key) {
  switch (static_cast<table>(key.front())) {
    case table::actors:
      if (auto k = keys::read_actor(key))
        return writer{{address_kind::actor, std::move(k->type), std::move(k->key)}, {}};
      return std::nullopt;
    case table::entries:
      if (auto k = keys::read_entry(key))
        return writer{{address_kind::actor, std::move(k->type), std::move(k->key)}, {}};
      return std::nullopt;
    case table::instances:
      return of_instance(keys::read_instance(key));
    case table::history:
      if (auto k = keys::read_event(key)) return of_instance(std::move(k->id));
      return std::nullopt;
    case table::requests:
      if (auto k = keys::read_request(key)) return of_instance(std::move(k->id));
      return std::nullopt;
    default:
      return std::nullopt;
  }
}

}  // namespace

std::optional<writer> writer_of(const persistence::batch& transition) {
  persistence::write_reader writes(transition.bytes());
  for (int i = 0; i < looked_at; ++i) {
    const auto w = writes.next();
    if (!w) break;
    // A put of a message or timer is for another address; an erase of one is the writer's own.
    if (auto found = w->kind == write_kind::erase ? consumer_of(w->key) : owner_of(w->key))
      return found;
  }
  return std::nullopt;
}

}  // namespace reprise::runtime
