#include "runtime/internal/expiry.hpp"

#include <tuple>

#include "persistence/keys.hpp"
#include "persistence/limits.hpp"
#include "runtime/internal/engine.hpp"
#include "runtime/internal/records.hpp"
#include "runtime/internal/transition.hpp"

namespace reprise::runtime {

namespace keys = persistence::keys;

namespace {

// Under the lock of the address's shard: whoever activates it next takes a later position.
void expire_one(engine& e, const std::string& age_key, const keys::dedup_age_key& old,
                const address& owner) {
  persistence::load_request request;
  request.keys = {keys::dedup(old.record.to, old.record.operation, old.record.hash)};
  const auto stored = e.store->read(request);
  if (stored.error) return;
  transition t(e, owner, e.now());
  if (!t.open(e.log.epoch())) return;
  t.erase(age_key);
  // The key may have been used again since, which made the record young.
  if (stored.values.front())
    if (const auto record = records::decode_dedup(*stored.values.front());
        record && record->at.time_since_epoch().count() <= old.recorded_ns)
      t.erase(request.keys.front());
  t.commit();
}

}  // namespace

void expire_dedup(engine& e) {
  if (e.state() != engine_state::ready || !e.clock.may_forget()) return;
  const auto limit = e.now() - limits::dedup_ttl;
  persistence::load_request page;
  std::tie(page.first, page.last) = keys::dedup_ages_until(limit.time_since_epoch().count());
  const auto ages = e.store->read(page);
  for (const auto& entry : ages.entries) {
    const auto& key = entry.first;
    const auto old = keys::read_dedup_age(key);
    if (!old) continue;
    const auto owner = records::address_of(old->record.to);
    e.hosts.if_absent(owner, [&] { expire_one(e, key, *old, owner); });
  }
}

}  // namespace reprise::runtime
