#include <utility>

#include "actors/actor/text.hpp"
#include "runtime/node/engine.hpp"
#include "runtime/node/outside_calls.hpp"
#include "runtime/operator_tools.hpp"
#include "runtime/query/listing.hpp"

namespace reprise {

void operator_view::purge(instance_filter which, duration limit, when<purge_report> told) const {
  if (auto strange = runtime::no_place(which.prefix, {})) return told(*std::move(strange));
  if (!engine_->admits()) return told(engine_->refusal());
  runtime::purge_instances(engine_->services, std::move(which),
                           internal::later(engine_->now(), limit), std::move(told));
}

void operator_view::unlock(actor_ref which, ask_options o, when<void> told) const {
  if (!is_name(which.type))
    return told(failure{cause::invalid, "\"" + which.type + "\" is no type of actors", false});
  runtime::send_from_outside(
      *engine_, {address_kind::actor, std::move(which.type), std::move(which.key)},
      runtime::unlock_body{{}, true}, o, runtime::without_value(std::move(told)));
}

void operator_view::dead_letters(std::string after, when<dead_letter_page> told) const {
  engine_->letters.list(std::move(after), std::move(told));
}
void operator_view::retry(std::string letter, when<void> told) const {
  engine_->letters.retry(std::move(letter), std::move(told));
}
void operator_view::drop(std::string letter, when<void> told) const {
  engine_->letters.drop(std::move(letter), std::move(told));
}

std::vector<activity_status> operator_view::activities(const std::string& id) const {
  return engine_->activities.of(id);
}
std::vector<pool_status> operator_view::pools() const {
  engine_->activities.replace_lost();
  return engine_->activities.pools();
}

node_figures operator_view::figures() const {
  node_figures now;
  now.resident = engine_->hosts.size();
  now.resident_bytes = engine_->resident_bytes();
  now.timers = engine_->timers.resident();
  now.passivated = engine_->hosts.passivated();
  const auto written = engine_->log.written();
  now.groups = engine_->log.groups();
  now.transitions = written.transitions;
  now.bytes = written.bytes;
  now.committing = written.took;
  now.sweeps = engine_->sweeps.figures();
  const auto durable = engine_->log.durable();  // read first, as it only grows
  now.behind_horizon = engine_->log.newest() - durable;
  const auto load = engine_->store->load_state();
  now.log_bytes = load.log_bytes;
  now.overlay_bytes = load.overlay_bytes;
  now.must_wait = load.must_wait;
  now.full = load.full;
  return now;
}

}  // namespace reprise
