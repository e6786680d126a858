// As caf_hop plays it: two actors pass 1 KiB back and forth, W of it in flight. A parcel that is
// passed on is shared, not copied, there as here.

#include <chrono>
#include <string>
#include <utility>

#include "tests/bench/application.hpp"
#include "tests/bench/rows.hpp"

namespace reprise::bench {
namespace {

row play(const options& asked, bench_node& on, unsigned window) {
  // A pair of its own for each window: nothing of the last game is in the way.
  const auto key = "a" + std::to_string(window);
  observed.playing = true;
  unsigned refused = 0;
  for (unsigned i = 0; i < window; ++i)
    if (!on->tell(hop(key, plain_parcel()).what()).get()) ++refused;
  wait(asked.quick ? 0.1 : 0.5);
  observed.take();
  const auto before = observed.hops.load();
  const auto begin = closed_loop::clock::now();
  wait(asked.seconds);
  const auto hops = observed.hops.load() - before;
  row r;
  r.seconds = std::chrono::duration<double>(closed_loop::clock::now() - begin).count();
  auto micros = observed.take();
  observed.playing = false;
  r.name = "transient messages, 1 KiB, window " + std::to_string(window);
  r.per_second = double(hops) / r.seconds;
  r.micros = quantiles_of(micros);
  r.anchor = {"caf_hop", "\"policy\":\"sharing\",\"window\":" + std::to_string(window) + ","};
  r.at_least = 0.5;
  r.aim = 0.8;
  if (refused > 0) r.remark = std::to_string(refused) + " parcels were REFUSED";
  return r;
}

}  // namespace

std::vector<row> run_transient_rows(const options& asked) {
  bench_node on(asked, "transient");
  std::vector<row> rows;
  for (const unsigned window : {1u, 16u, 256u}) rows.push_back(play(asked, on, window));
  return rows;
}

}  // namespace reprise::bench
