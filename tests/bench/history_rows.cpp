#include <chrono>
#include <future>
#include <string>
#include <utility>

#include "tests/bench/histories.hpp"
#include "tests/bench/rows.hpp"

namespace reprise::bench {
namespace {

using clock = closed_loop::clock;

double since(clock::time_point begin) {
  return std::chrono::duration<double>(clock::now() - begin).count();
}

// What a turn costs when 256 wait for theirs, so that a flush is shared: alone, a turn is as long as
// its flush.
row resident_row(bench_node& on, unsigned events) {
  const unsigned turns = events / 10;
  const auto begin = clock::now();
  const auto failed = raise_each(*on, "long", 1, turns);
  row r;
  r.name = "one more turn after " + std::to_string(events) + " events, resident";
  r.seconds = since(begin);
  r.per_second = turns / r.seconds;
  r.compared = figure::value;
  r.unit = "us";
  r.value = 1e6 / r.per_second;
  r.at_least = 50;
  r.aim = 20;
  if (failed > 0) r.remark = std::to_string(failed) + " events FAILED";
  return r;
}

// The first event after a restart: the whole history is read and replayed before it. Other actors
// work meanwhile, eight callers of them.
std::vector<row> cold_rows(bench_node& on, unsigned events) {
  on.close();
  on.open();
  closed_loop others(8, [&](std::size_t caller, closed_loop::done done) {
    add_one(*on, static_cast<unsigned>(caller), std::move(done));
  });
  wait(0.5);
  others.measure();
  std::promise<bool> answered;
  const auto begin = clock::now();
  raise_more(*on, "long-0", [&](bool good) { answered.set_value(good); });
  const bool good = answered.get_future().get();
  row cold;
  cold.value = since(begin);
  others.stop();
  cold.name = "... cold";
  cold.seconds = cold.value;
  cold.compared = figure::value;
  cold.unit = "s";
  cold.at_least = 1;
  cold.aim = 0.2;
  cold.remark = std::to_string(events) + " events";
  if (!good) cold.remark += ", its event FAILED";
  row meanwhile;
  auto micros = others.take_micros();
  meanwhile.name = "... other actors meanwhile, 8 callers";
  meanwhile.seconds = others.seconds();
  meanwhile.per_second = double(micros.size()) / meanwhile.seconds;
  meanwhile.micros = quantiles_of(micros);
  meanwhile.compared = figure::p99;
  meanwhile.unit = "us";
  meanwhile.at_least = 5000;
  meanwhile.aim = 1000;
  return {std::move(cold), std::move(meanwhile)};
}

}  // namespace

std::vector<row> run_history_rows(const options& asked) {
  const unsigned events = asked.size(100'000, 2'000);
  bench_node on(asked, "history");
  start_remembering(*on, "long", 1);
  const auto failed = raise_each(*on, "long", 1, events);
  std::vector<row> rows{resident_row(on, events)};
  if (failed > 0) rows.back().remark += " " + std::to_string(failed) + " events FAILED before";
  for (auto& each : cold_rows(on, events + events / 10)) rows.push_back(std::move(each));
  return rows;
}

}  // namespace reprise::bench
