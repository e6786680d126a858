#include <algorithm>
#include <cstdio>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "tests/bench/open_loop.hpp"
#include "tests/bench/rows.hpp"

namespace reprise::bench {
namespace {

struct shape {
  std::size_t callers;
  double at_least, aim;  // of group_commit with as many callers
};
constexpr shape shapes[] = {{64, 0.6, 0.9}, {1024, 0.4, 0.7}};
constexpr double share_of_peak = 0.7;  // what the open loop offers

class random_keys {
 public:
  random_keys(std::size_t callers, unsigned keys) : keys_(keys) {
    for (std::size_t i = 0; i < callers; ++i) chance_.emplace_back(static_cast<unsigned>(i + 1));
  }
  unsigned operator()(std::size_t caller) {
    return static_cast<unsigned>(chance_[caller]() % keys_);
  }

 private:
  unsigned keys_;
  std::vector<std::minstd_rand> chance_;
};

row closed_row(const options& asked, bench_node& on, unsigned keys, std::size_t callers) {
  random_keys chosen(callers, keys);
  closed_loop loop(callers, [&](std::size_t caller, closed_loop::done done) {
    add_one(*on, chosen(caller), std::move(done));
  });
  return measure(
      asked, on, loop,
      "actor calls, " + std::to_string(callers) + " callers, " + std::to_string(keys) + " keys");
}

double peak(bench_node& on, unsigned keys, double seconds) {
  constexpr std::size_t callers = 1024;
  random_keys chosen(callers, keys);
  closed_loop loop(callers, [&](std::size_t caller, closed_loop::done done) {
    add_one(*on, chosen(caller), std::move(done));
  });
  loop.measure();
  wait(seconds);
  loop.stop();
  return double(loop.take_micros().size()) / loop.seconds();
}

// The peak is looked for anew in each round: where others share the machine it halves and doubles within
// seconds, and a share of one that has passed is more than the node can do.
row open_row(const options& asked, bench_node& on, unsigned keys) {
  constexpr int rounds = 10;
  random_keys chosen(1, keys);
  open_measure all;
  double slowest = 0, fastest = 0;
  for (int i = 0; i < rounds; ++i) {
    const auto rate = peak(on, keys, asked.seconds / rounds / 2) * share_of_peak;
    slowest = i == 0 ? rate : std::min(slowest, rate);
    fastest = std::max(fastest, rate);
    const auto measured = run_open_loop(rate, asked.seconds / rounds, [&](closed_loop::done done) {
      add_one(*on, chosen(0), std::move(done));
    });
    all.micros.insert(all.micros.end(), measured.micros.begin(), measured.micros.end());
    all.failures += measured.failures;
  }
  row r;
  r.name = "actor calls, open loop, " + std::to_string(keys) + " keys";
  r.seconds = asked.seconds;
  r.per_second = double(all.micros.size()) / r.seconds;
  r.micros = quantiles_of(all.micros);
  char offered[64];
  std::snprintf(offered, sizeof offered, "offered %.0f to %.0f/s", slowest, fastest);
  r.remark = offered;
  if (all.failures > 0) r.remark += ", " + std::to_string(all.failures) + " FAILED";
  return r;
}

}  // namespace

std::vector<row> run_actor_rows(const options& asked) {
  std::vector<row> rows;
  for (const auto keys : {asked.few_keys, asked.many_keys}) {
    bench_node on(asked, "actors-" + std::to_string(keys));
    fill_counters(on, 0, keys);
    for (const auto& [callers, at_least, aim] : shapes) {
      auto r = closed_row(asked, on, keys, callers);
      r.anchor = group_commit(callers);
      r.at_least = at_least;
      r.aim = aim;
      rows.push_back(std::move(r));
    }
    rows.push_back(open_row(asked, on, keys));
  }
  return rows;
}

}  // namespace reprise::bench
