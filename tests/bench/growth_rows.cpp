// Whether an operation costs more where there is more: the largest cost over the smallest.

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "tests/bench/histories.hpp"
#include "tests/bench/rows.hpp"

namespace reprise::bench {
namespace {

struct cost {
  unsigned size = 0;
  double micros = 0;
};

row largest_over_smallest(std::string name, const std::vector<cost>& costs, const char* what) {
  const auto by_micros = [](const cost& a, const cost& b) { return a.micros < b.micros; };
  const auto [least, most] = std::minmax_element(costs.begin(), costs.end(), by_micros);
  row r;
  r.name = std::move(name);
  r.compared = figure::value;
  r.value = most->micros / least->micros;
  r.at_least = 2;
  r.aim = 1.2;
  r.remark = what;
  for (const auto& each : costs) {
    char text[64];
    std::snprintf(text, sizeof text, " %u: %.2f", each.size, each.micros);
    r.remark += text;
  }
  return r;
}

// Time of the processor, all threads: fewer instances are worked on by fewer threads at once, so
// wall time would compare that instead.
double processor_seconds() {
  std::timespec used{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return double(used.tv_sec) + double(used.tv_nsec) / 1e9;
}

row by_actors(const options& asked) {
  bench_node on(asked, "growth");
  std::vector<cost> costs;
  unsigned filled = 0;
  for (unsigned keys = 1'000; keys <= asked.many_keys; keys *= 10) {
    fill_counters(on, filled, keys);
    filled = keys;
    std::vector<std::minstd_rand> chance;
    constexpr std::size_t callers = 256;
    for (std::size_t i = 0; i < callers; ++i) chance.emplace_back(static_cast<unsigned>(i + 1));
    closed_loop loop(callers, [&](std::size_t caller, closed_loop::done done) {
      add_one(*on, static_cast<unsigned>(chance[caller]() % keys), std::move(done));
    });
    costs.push_back({keys, 1e6 / measure(asked, on, loop, "").per_second});
  }
  return largest_over_smallest("cost of a call as actors grow", costs,
                               "us between answers, 256 callers:");
}

// At each length the same number of events in all, and then so many more of them that the length
// grows by a quarter: in five rounds over all lengths, of which the median counts, because a fold
// and whoever else is on the machine come to one of them and not to the next.
row by_history(const options& asked) {
  bench_node on(asked, "growth-history");
  const unsigned events = asked.size(100'000, 10'000);
  constexpr unsigned rounds = 5;
  std::map<unsigned, std::vector<double>> micros;
  const auto name = [](unsigned length) { return "h" + std::to_string(length); };
  for (unsigned length = 10; length <= events; length *= 10) {
    start_remembering(*on, name(length), events / length);
    raise_each(*on, name(length), events / length, events);
    micros[length];
  }
  const auto more = events / 20;
  for (unsigned round = 0; round < rounds; ++round)
    for (auto& [length, of_each] : micros) {
      const auto begin = processor_seconds();
      raise_each(*on, name(length), events / length, more);
      of_each.push_back(1e6 * (processor_seconds() - begin) / more);
    }
  std::vector<cost> costs;
  for (auto& [length, of_each] : micros) {
    std::sort(of_each.begin(), of_each.end());
    costs.push_back({length, of_each[rounds / 2]});
  }
  return largest_over_smallest("cost of a turn as the history grows", costs,
                               "us of processor time, the median of five:");
}

}  // namespace

std::vector<row> run_growth_rows(const options& asked) {
  return {by_actors(asked), by_history(asked)};
}

}  // namespace reprise::bench
