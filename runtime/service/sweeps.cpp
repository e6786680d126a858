#include "runtime/service/sweeps.hpp"

#include "runtime/node/engine.hpp"
#include "runtime/service/expiry.hpp"
#include "runtime/service/retention.hpp"

namespace reprise::runtime {
namespace {

constexpr duration quiet = std::chrono::minutes(1);

}  // namespace

sweeps::sweeps(engine& e) : engine_(e), keys_(e, expired_keys(e)) {
  for (auto& each : ended_instances(e)) ended_.emplace_back(e, std::move(each));
}

void sweeps::begin() {
  if (engine_.state() != engine_state::ready) return;
  if (!releasing_.exchange(true)) release();
  if (!engine_.clock.may_forget()) return;
  keys_.begin();
  retire();
}

void sweeps::retire() {
  if (ended_.empty()) return;
  if (index_ == index_is::whole)
    for (auto& each : ended_) each.begin();
  auto unknown = index_is::unknown;
  if (!index_.compare_exchange_strong(unknown, index_is::looked_for)) return;
  list_ended(engine_, callback<bool>([this](bool whole) {
               index_ = whole ? index_is::whole : index_is::unknown;
               if (!whole) return;
               for (auto& each : ended_) each.begin();
             }));
}

// Hosts whose instance has ended; and when very many are in memory, all that rested for a while.
void sweeps::release() {
  release_some(engine_.hosts.size() > engine_.options.hosts ? directory::who::rested
                                                            : directory::who::spent);
}

void sweeps::release_some(directory::who who) {
  engine_.exec->post(upkeep_pool, [this, who] {
    const bool ready = engine_.state() == engine_state::ready;
    if (ready && engine_.hosts.passivate_some(who)) return release_some(who);
    if (ready && who == directory::who::rested)
      return engine_.timers.run_at(engine_.now() + quiet, [this] { release(); });
    releasing_ = false;
  });
}

std::vector<sweep_figures> sweeps::figures() const {
  std::vector<sweep_figures> now{keys_.figures()};
  for (const auto& each : ended_) now.push_back(each.figures());
  return now;
}

}  // namespace reprise::runtime
