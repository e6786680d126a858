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

row closed_row(const options& asked, bench_node& on, unsigned keys, std::size_t callers) {
  std::vector<std::minstd_rand> chance;
  for (std::size_t i = 0; i < callers; ++i) chance.emplace_back(static_cast<unsigned>(i + 1));
  closed_loop loop(callers, [&](std::size_t caller, closed_loop::done done) {
    add_one(*on, static_cast<unsigned>(chance[caller]() % keys), std::move(done));
  });
  return measure(
      asked, on, loop,
      "actor calls, " + std::to_string(callers) + " callers, " + std::to_string(keys) + " keys");
}

row open_row(const options& asked, bench_node& on, unsigned keys, double rate) {
  std::minstd_rand chance(1);
  const auto measured = run_open_loop(rate, asked.seconds, [&](closed_loop::done done) {
    add_one(*on, static_cast<unsigned>(chance() % keys), std::move(done));
  });
  row r;
  r.name = "actor calls, open loop, " + std::to_string(keys) + " keys";
  r.seconds = asked.seconds;
  auto micros = measured.micros;
  r.per_second = double(micros.size()) / r.seconds;
  r.micros = quantiles_of(micros);
  r.remark = "offered " + std::to_string(static_cast<long>(rate)) + "/s";
  if (measured.failures > 0) r.remark += ", " + std::to_string(measured.failures) + " FAILED";
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
    rows.push_back(open_row(asked, on, keys, rows.back().per_second * share_of_peak));
  }
  return rows;
}

}  // namespace reprise::bench
