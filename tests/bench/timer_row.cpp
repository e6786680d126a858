// How late what is due begins to run: seen by the operation itself, on the clock of the machine.

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "tests/bench/application.hpp"
#include "tests/bench/rows.hpp"

namespace reprise::bench {
namespace {

using std::chrono::system_clock;

std::int64_t nanoseconds_from_now(double seconds) {
  const auto now = duration(system_clock::now().time_since_epoch());
  return now.count() + static_cast<std::int64_t>(seconds * 1e9);
}

// Until so many have rung in all, or for ever is over. Gives what is missing.
std::uint64_t await_rings(std::uint64_t wanted, double patience) {
  for (double waited = 0; observed.rung < wanted && waited < patience; waited += 0.05) wait(0.05);
  return wanted - std::min<std::uint64_t>(wanted, observed.rung);
}

}  // namespace

std::vector<row> run_timer_row(const options& asked) {
  const unsigned timers = asked.size(100'000, 2'000), at_once = 1'000;
  const double span = asked.quick ? 0.5 : 10, ahead = asked.quick ? 0.3 : 3;
  bench_node on(asked, "timers");
  observed.rung = 0;
  const auto wind_all = [&](double from, std::int64_t step) {
    const auto first = nanoseconds_from_now(from);
    for (unsigned i = 0; i < timers; i += at_once)
      if (!on->ask(wind("w", std::vector<std::int64_t>{i, at_once, first + i * step, step})).get())
        return false;
    return true;
  };
  // Every actor once before, so that lateness is not that of a first load.
  const bool warm = wind_all(-1, 0) && await_rings(timers, 60) == 0;
  observed.take();
  const auto set = wind_all(ahead, static_cast<std::int64_t>(span * 1e9 / timers));
  const bool in_time = observed.rung == timers;  // all were set before the first was due
  const auto missing = await_rings(2ull * timers, ahead + span + 60);
  row r;
  r.name = std::to_string(timers) + " timers within " + (asked.quick ? "half a second" : "10 s");
  r.seconds = span;
  r.per_second = timers / span;
  auto micros = observed.take();
  r.micros = quantiles_of(micros);
  r.compared = figure::p99;
  r.anchor = {"caf_hop", "\"policy\":\"sharing\",\"window\":1,"};
  r.at_least = 20;
  r.aim = 5;
  if (!warm || !set || missing != 0)
    r.remark = std::to_string(missing) + " DID NOT RING";
  else if (!in_time)
    r.remark = "the first were due before the last was set";
  return {std::move(r)};
}

}  // namespace reprise::bench
