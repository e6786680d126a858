#include "runtime/service/sweeps.hpp"

#include "runtime/commit/turn_services.hpp"
#include "runtime/service/expiry.hpp"
#include "runtime/service/retention.hpp"

namespace reprise::runtime {
namespace {

constexpr duration quiet = std::chrono::minutes(1);

}  // namespace

sweeps::sweeps(turn_services& s, directory& hosts, const bounds& b)
    : services_(s), hosts_(hosts), most_hosts_(b.hosts), keys_(s, expired_keys(s)) {
  for (auto& each : ended_instances(s, b.retention)) ended_.emplace_back(s, std::move(each));
}

void sweeps::begin() {
  if (!services_.admission.is_ready()) return;
  if (!releasing_.exchange(true)) release();
  if (!services_.clock.may_forget()) return;
  keys_.begin();
  retire();
}

void sweeps::retire() {
  if (ended_.empty()) return;
  if (index_ == index_is::whole)
    for (auto& each : ended_) each.begin();
  auto unknown = index_is::unknown;
  if (!index_.compare_exchange_strong(unknown, index_is::looked_for)) return;
  list_ended(services_, callback<bool>([this](bool whole) {
               index_ = whole ? index_is::whole : index_is::unknown;
               if (!whole) return;
               for (auto& each : ended_) each.begin();
             }));
}

// Releases hosts of ended instances; if very many hosts are in memory, all that have been idle for a
// while.
void sweeps::release() {
  release_some(hosts_.size() > most_hosts_ ? directory::who::rested : directory::who::spent);
}

void sweeps::release_some(directory::who who) {
  services_.exec.post(upkeep_pool, [this, who] {
    const bool ready = services_.admission.is_ready();
    if (ready && hosts_.passivate_some(who)) return release_some(who);
    if (ready && who == directory::who::rested)
      return services_.timers.run_at(services_.now() + quiet, [this] { release(); });
    releasing_ = false;
  });
}

std::vector<sweep_figures> sweeps::figures() const {
  std::vector<sweep_figures> now{keys_.figures()};
  for (const auto& each : ended_) now.push_back(each.figures());
  return now;
}

}  // namespace reprise::runtime
