#include "runtime/service/expiry.hpp"

#include <map>
#include <utility>

#include "persistence/keys.hpp"
#include "persistence/limits.hpp"
#include "runtime/commit/transition.hpp"
#include "runtime/host/host.hpp"
#include "runtime/message/records.hpp"
#include "runtime/node/engine.hpp"

namespace reprise::runtime {

namespace keys = persistence::keys;

namespace {

// Each has an answer of up to `dedup_answer_bytes`, which is read with it.
constexpr std::size_t keys_at_once = 100;

sweeper::request about(engine& e, address owner, time_point recorded) {
  sweeper::request r;
  r.to_owner = std::make_unique<message>();
  r.to_owner->id = e.outside_id();
  r.to_owner->to = std::move(owner);
  r.to_owner->body = expire_body{};
  r.to_owner->lane = lane_of(*r.to_owner);
  r.since = recorded + limits::dedup_ttl;
  return r;
}

std::vector<sweeper::request> by_owner(engine& e, const sweeper::entries& page) {
  std::vector<sweeper::request> all;
  std::map<address, std::size_t> open;
  for (const auto& [key, nothing] : page) {
    const auto old = keys::read_dedup_age(key);
    if (!old) continue;
    auto owner = records::address_of(old->record.to);
    auto [at, is_new] = open.try_emplace(owner, all.size());
    if (is_new || all[at->second].records == keys_at_once) {
      at->second = all.size();
      all.push_back(about(e, std::move(owner), time_point(duration(old->recorded_ns))));
    }
    auto& to = all[at->second];
    std::get<expire_body>(to.to_owner->body).ages.push_back(key);
    ++to.records;
  }
  return all;
}

}  // namespace

sweeper::index expired_keys(engine& e) {
  return {"idempotency_keys",
          [](time_point now) {
            const auto before = (now - limits::dedup_ttl).time_since_epoch().count() - 1;
            return keys::dedup_ages_until(before);
          },
          [&e](const sweeper::entries& page) { return by_owner(e, page); }};
}

void host::forget_keys(message_ptr m) {
  persistence::load_request stored;
  for (const auto& age : std::get<expire_body>(m->body).ages) {
    const auto old = keys::read_dedup_age(age);
    stored.keys.push_back(keys::dedup(old->record.to, old->record.operation, old->record.hash));
  }
  // Nothing else runs on this host until it is done: what was read is what there is.
  auto wanted = stored.keys;
  load(
      std::move(stored), while_loading::blocking,
      [this, m = std::move(m), wanted = std::move(wanted)](persistence::load_answer a) {
        if (a.error) return answer(*m, failure{cause::unavailable, a.error->text, true});
        transition t(engine_, self_, engine_.now());
        if (!begin(t)) return;
        const auto& ages = std::get<expire_body>(m->body).ages;
        for (std::size_t i = 0; i < ages.size(); ++i) {
          t.erase(ages[i]);
          const auto record = a.values[i] ? records::decode_dedup(*a.values[i]) : std::nullopt;
          // One that was used again since is young, and has an age of its own.
          if (record &&
              record->at <= time_point(duration(keys::read_dedup_age(ages[i])->recorded_ns)))
            t.erase(wanted[i]);
        }
        t.answer(*m, payload{});
        t.commit();
      },
      horizon());
}

}  // namespace reprise::runtime
