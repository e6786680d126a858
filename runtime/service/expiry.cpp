#include "runtime/service/expiry.hpp"

#include <map>
#include <utility>

#include "persistence/keys.hpp"
#include "persistence/limits.hpp"
#include "runtime/commit/turn_services.hpp"
#include "runtime/message/records.hpp"

namespace reprise::runtime {

namespace keys = persistence::keys;

namespace {

// Each record read has an answer of up to `dedup_answer_bytes`.
constexpr std::size_t keys_at_once = 100;

sweeper::request about(outside_ids& ids, address owner, time_point recorded) {
  sweeper::request r;
  r.to_owner = std::make_unique<message>();
  r.to_owner->id = ids.next();
  r.to_owner->to = std::move(owner);
  r.to_owner->body = expire_body{};
  r.to_owner->lane = lane_of(*r.to_owner);
  r.since = recorded + limits::dedup_ttl;
  return r;
}

std::vector<sweeper::request> by_owner(outside_ids& ids, const sweeper::entries& page) {
  std::vector<sweeper::request> all;
  std::map<address, std::size_t> open;
  for (const auto& [key, nothing] : page) {
    const auto old = keys::read_dedup_age(key);
    if (!old) continue;
    auto owner = records::address_of(old->record.to);
    auto [at, is_new] = open.try_emplace(owner, all.size());
    if (is_new || all[at->second].records == keys_at_once) {
      at->second = all.size();
      all.push_back(about(ids, std::move(owner), time_point(duration(old->recorded_ns))));
    }
    auto& to = all[at->second];
    std::get<expire_body>(to.to_owner->body).ages.push_back(key);
    ++to.records;
  }
  return all;
}

}  // namespace

sweeper::index expired_keys(turn_services& s) {
  return {"idempotency_keys",
          [](time_point now) {
            const auto before = (now - limits::dedup_ttl).time_since_epoch().count() - 1;
            return keys::dedup_ages_until(before);
          },
          [&s](const sweeper::entries& page) { return by_owner(s.ids, page); }};
}

}  // namespace reprise::runtime
