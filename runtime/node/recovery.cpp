#include "runtime/node/recovery.hpp"

#include <tuple>
#include <utility>

#include "persistence/keys.hpp"
#include "persistence/limits.hpp"
#include "runtime/actor/lock_records.hpp"
#include "runtime/commit/clock_record.hpp"
#include "runtime/message/records.hpp"
#include "runtime/node/engine.hpp"
#include "runtime/reading/page_reader.hpp"
#include "runtime/reading/store_failure.hpp"
#include "runtime/service/audit.hpp"

namespace reprise::runtime {

namespace keys = persistence::keys;

namespace {

void activate_slice(engine& e) {
  if (!e.is_ready()) return;
  if (e.hosts.activate_expected(limits::replay_slice))
    e.exec->post(upkeep_pool, [&e] { activate_slice(e); });
  else
    begin_audit(e.services);
}

}  // namespace

result<> recovery::read() {
  persistence::load_request clock;
  clock.keys = {keys::meta(clock_record::name)};
  const auto a = engine_.store->read(clock);
  if (a.error) return store_failure(*a.error);
  if (a.values.front())
    if (const auto t = clock_record::decode(*a.values.front())) clock_ = *t;
  if (auto listed = read_destinations(); !listed) return listed;
  if (auto listed = read_visits(); !listed) return listed;
  if (auto listed = read_locks(); !listed) return listed;
  if (auto listed = read_requests(); !listed) return listed;
  engine_.hosts.expect(std::move(pending_), engine_.store->durable());
  return done;
}

// One read per destination: the scan jumps to the next one, however many messages wait at the first.
result<> recovery::read_destinations() {
  auto [first, last] = keys::messages_range();
  for (;;) {
    persistence::load_request next;
    next.first = first;
    next.last = last;
    next.max_entries = 1;
    const auto a = engine_.store->read(next);
    if (a.error) return store_failure(*a.error);
    const auto& key = !a.entries.empty()   ? a.entries.front().first
                      : !a.corrupt.empty() ? a.corrupt.front()
                                           : std::string();
    const auto where = keys::read_message(key);
    if (!where) return done;
    pending_.push_back(records::address_of(where->to));
    first = keys::messages_of(where->to).second;
  }
}

result<> recovery::read_visits() {
  persistence::load_request page;
  std::tie(page.first, page.last) = keys::resends_range();
  for (;;) {
    const auto a = engine_.store->read(page);
    if (a.error) return store_failure(*a.error);
    for (const auto& [key, value] : a.entries)
      if (const auto id = keys::read_resend(key))
        pending_.push_back({address_kind::instance, "", *id});
    if (!next_page(page, a)) return done;
  }
}

result<> recovery::read_locks() {
  auto all = runtime::read_locks([&](const auto& page) { return engine_.store->read(page); });
  if (!all) return all.error();
  for (const auto& [actor, lock] : *all)
    // Its host erases the record when nothing waits there.
    if (!lock.holder) pending_.push_back(actor);
  engine_.locks.replace(*std::move(all), epoch_);
  return done;
}

result<> recovery::read_requests() {
  persistence::load_request page;
  std::tie(page.first, page.last) = keys::requests_range();
  for (;;) {
    auto a = engine_.store->read(page);
    if (a.error) return store_failure(*a.error);
    for (const auto& [key, value] : a.entries) {
      const auto where = keys::read_request(key);
      auto request = records::decode_request(value);
      if (!where || !request) continue;  // reported when its instance is activated
      // A request without a due time that is not an activity's is in flight as a message.
      if (request->due != time_point{} || request->what.kind == event_kind::activity)
        requests_.push_back({*where, *std::move(request), a.at});
    }
    if (!next_page(page, a)) return done;
  }
}

void recovery::resume() {
  engine_.timers.restart(epoch_);
  for (const auto& [where, what, at] : requests_) {
    const generation g{where.gen_term, where.gen_position};
    if (what.due == time_point{}) {
      engine_.activities.adopt(where.id, g, where.step, what);
      continue;
    }
    if (what.what.kind == event_kind::activity)  // before its timer can fire
      engine_.activities.back_off(where.id, g, where.step, what);
    engine_.timers.set_back_off(where.id, g, where.step, what.due, {epoch_, at});
  }
  requests_.clear();
  engine_.exec->post(upkeep_pool, [&e = engine_] { activate_slice(e); });
}

}  // namespace reprise::runtime
