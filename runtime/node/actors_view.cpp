#include <utility>

#include "persistence/keys.hpp"
#include "runtime/actors.hpp"
#include "runtime/message/records.hpp"
#include "runtime/node/engine.hpp"
#include "runtime/node/outside_calls.hpp"
#include "runtime/query/listing.hpp"

namespace reprise {

void actors_view::state(actor_ref which, when<actor_status> told) const {
  if (!is_key(which.key) || !is_name(which.type)) return told(runtime::bad_key(which.key));
  persistence::load_request read;
  read.keys = {persistence::keys::actor(which.type, which.key)};
  engine_->load(std::move(read), [told = std::move(told), which](persistence::load_answer a) {
    const auto name = [&] { return "actor " + which.type + "/" + which.key; };
    const auto damaged = [&] {
      return failure{cause::corrupt, "the state of " + name() + " is damaged", false};
    };
    if (a.error) return told(failure{cause::unavailable, a.error->text, false});
    if (!a.corrupt.empty()) return told(damaged());
    if (!a.values.front()) return told(failure{cause::not_found, "no " + name(), false});
    auto record = runtime::records::decode_actor(*a.values.front());
    if (!record) return told(damaged());
    told(actor_status{record->updated, std::move(record->state)});
  });
}

void actors_view::list(actor_filter which, page_request page, when<actor_page> told) const {
  if (!is_name(which.type))
    return told(failure{cause::invalid, "\"" + which.type + "\" is no type", false});
  if (auto strange = runtime::no_place(which.prefix, page.cursor)) return told(*std::move(strange));
  runtime::list_actors(*engine_, std::move(which.type), std::move(which.prefix),
                       std::move(page.cursor), page.at_most, std::move(told));
}

void actors_view::erase(actor_ref which, ask_options o, when<void> told) const {
  if (!engine_->app.find_actor(which.type))
    return told(failure{cause::unbound,
                        "no actor type \"" + which.type + "\" is bound in this program", false});
  o.trace = {};  // only operations have turn spans
  runtime::send_from_outside(*engine_,
                             {address_kind::actor, std::move(which.type), std::move(which.key)},
                             runtime::erase_body{}, o, runtime::without_value(std::move(told)));
}

std::optional<held_actor> actors_view::hold_of(const actor_ref& which) const {
  const auto lock = engine_->locks.find({address_kind::actor, which.type, which.key});
  if (!lock || !lock->holder) return std::nullopt;
  return held_actor{which.type, which.key, lock->holder->instance, lock->since};
}

std::vector<held_actor> actors_view::held(const actor_ref& after, std::size_t at_most) const {
  std::vector<held_actor> all;
  const address first{address_kind::actor, after.type, after.key};
  for (auto& [actor, lock] : engine_->locks.held(first, at_most))
    all.push_back({actor.type, actor.key, lock.holder->instance, lock.since});
  return all;
}

}  // namespace reprise
