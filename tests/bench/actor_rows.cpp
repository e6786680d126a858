#include <algorithm>
#include <atomic>
#include <cstdio>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "examples/counter/counter.hpp"
#include "tests/bench/open_loop.hpp"
#include "tests/bench/rows.hpp"

namespace reprise::bench {
namespace {

using examples::counter::Count;

struct shape {
  std::size_t callers;
  double bound;  // of group_commit with as many callers
};
constexpr shape shapes[] = {{64, 0.5}, {1024, 0.3}};

void add_one(node& on, unsigned key, closed_loop::done done) {
  on.ask(examples::counter::add("c" + std::to_string(key), [](auto in) { in.setAmount(1); }),
         std::function<void(result<value<Count>>)>(
             [done = std::move(done)](result<value<Count>> answer) { done(bool(answer)); }));
}

// Each key once, so that the measured calls find what they change.
void fill(bench_node& on, unsigned keys) {
  std::printf("filling %u keys\n", keys);
  std::fflush(stdout);
  constexpr std::size_t callers = 1024;
  std::atomic<unsigned> next{0};
  closed_loop loop(callers, [&](std::size_t, closed_loop::done done) {
    add_one(*on, std::min(next++, keys - 1), std::move(done));
  });
  while (next < keys && loop.failures() == 0) wait(0.05);
  loop.stop();
}

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

std::vector<row> run_actor_rows(const options& asked, unsigned keys) {
  bench_node on(asked, "actors-" + std::to_string(keys));
  fill(on, keys);
  std::vector<row> rows;
  for (const auto& [callers, bound] : shapes) {
    auto r = closed_row(asked, on, keys, callers);
    r.anchor_callers = callers;
    r.bound = bound;
    rows.push_back(std::move(r));
  }
  rows.push_back(open_row(asked, on, keys, rows.back().per_second / 2));
  return rows;
}

}  // namespace reprise::bench
