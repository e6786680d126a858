#include "actors/turn.hpp"

#include "actors/actor/chance.hpp"
#include "actors/actor/resident_actor.hpp"
#include "actors/fresh_key.hpp"

namespace reprise {

std::uint64_t turn::random() noexcept { return internal::chance(given_.seed, ++drawn_); }

void turn::emit(internal::emission_kind kind, request&& what, time_point due) {
  if (kind == internal::emission_kind::tell && what.kind != request_kind::operation)
    throw failed({cause::invalid, "only an operation of an actor can be told", false});
  bool derived = kind == internal::emission_kind::start && what.key.empty();
  if (!derived && !is_fresh_key(what.key))
    throw failed({cause::invalid, "'" + what.key + "' cannot be a key or an id", false});
  emissions_.emplace_back(kind, std::move(what), due);
}

void turn::erase() {
  erased_ = true;
  if (actor_) actor_->erase();
}

}  // namespace reprise
