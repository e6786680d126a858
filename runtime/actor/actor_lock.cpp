// Critical sections of instances, as seen by an actor: requested, held, released.
//
// There is no queue: while the actor is held its mailbox is shut, and the ordinary lane, including
// further lock requests, waits in order. A release comes in the control lane and may overtake its
// request; then the lock record lists the request as revoked until it arrives. When that list is full,
// a further release is sent again later.

#include <algorithm>
#include <cassert>
#include <utility>

#include "persistence/keys.hpp"
#include "persistence/limits.hpp"
#include "runtime/actor/actor_host.hpp"
#include "runtime/actor/lock_table.hpp"
#include "runtime/commit/transition.hpp"
#include "runtime/commit/turn_services.hpp"

namespace reprise::runtime {

namespace {

constexpr duration until_next_look = std::chrono::minutes(1);

std::string name_of(const address& a) { return a.type + "/" + a.key; }

}  // namespace

// Writes the lock record and shuts or opens the mailbox to match. A free actor with nothing revoked has
// no record.
void actor_host::keep(transition& t, records::lock l) {
  const auto key = persistence::keys::lock(records::owner_of(self_));
  l.holder ? box().shut() : box().open();
  locked_ = l.holder || !l.revoked.empty();
  if (!locked_) {
    t.erase(key);
    return services_.locks.erase(self_, epoch_);
  }
  t.put(key, records::encode(l));
  services_.locks.put(self_, std::move(l), epoch_);
}

void actor_host::lock(message& m) {
  auto l = services_.locks.find(self_).value_or(records::lock{});
  transition t(services_, self_, services_.now());
  if (!begin(t)) return;  // the log has restarted: the table may be of the new epoch
  assert(!l.holder && "the ordinary lane of an actor that is held is not taken");
  t.consume(m);
  if (m.reply) {
    const auto revoked = std::find(l.revoked.begin(), l.revoked.end(), *m.reply);
    if (revoked != l.revoked.end()) {
      l.revoked.erase(revoked);
      keep(t, std::move(l));
    } else if (!binding_) {
      t.answer(m, failure{cause::unbound,
                          "no actor type \"" + self_.type + "\" is bound in this program", false});
    } else {
      l.holder = *m.reply;
      l.since = t.now();
      keep(t, std::move(l));
      t.answer(m, payload{});
    }
  }
  t.commit();
}

void actor_host::unlock(message& m, const unlock_body& b) {
  auto l = services_.locks.find(self_).value_or(records::lock{});
  const bool releases = l.holder && (b.forced || *l.holder == b.holder);
  if (!releases && !m.durable && !m.from_timer)
    return answer(m, failure{cause::not_found, "nobody holds actor " + name_of(self_), false});
  // The request was sent before this release: it is still in the mailbox, or was consumed and is not to
  // be waited for.
  const bool is_to_come =
      !releases && !b.forced && box().may_hold(lane::ordinary, [&](const message& other) {
        return std::holds_alternative<lock_body>(other.body) && other.reply == b.holder;
      });
  transition t(services_, self_, services_.now());
  if (!begin(t)) return;
  t.consume(m);
  if (releases) l.holder.reset();
  if (is_to_come && l.revoked.size() >= limits::max_revoked) {
    t.send(self_, b, {}, t.now() + until_next_look);
    return t.commit();
  }
  if (is_to_come) l.revoked.push_back(b.holder);
  if (releases || is_to_come) keep(t, std::move(l));
  if (m.once) {
    auto [key, record] = write_dedup(t, self_, once_scope(m), *m.once, payload{});
    own_.put(std::move(key), std::move(record), t.at());
  }
  t.answer(m, payload{});
  t.commit();
}

// A call of a section goes in the lane of answers, so that it is taken while the actor is held. The
// section may have ended meanwhile: released early, or its owner terminated.
bool actor_host::out_of_section(const message& m) const {
  if (m.lane != lane::answers || m.from_timer) return false;
  const auto l = services_.locks.find(self_);
  return !l || !l->holder || !m.reply || l->holder->instance != m.reply->instance ||
         l->holder->generation != m.reply->generation;
}

// A release is handled even if the actor's own records are damaged: otherwise the actor would still be
// held after a repair, and nobody would release it.
bool actor_host::handles_quarantined(const message& m) const {
  return std::holds_alternative<unlock_body>(m.body);
}

// Nothing is left to arrive: requests still listed as revoked were consumed before their release came.
void actor_host::idle() {
  if (!locked_ || !box().empty()) return;
  if (const auto l = services_.locks.find(self_); !l || l->holder) return;
  transition t(services_, self_, services_.now());
  if (!begin(t)) return;
  keep(t, {});
  t.commit();
}

}  // namespace reprise::runtime
