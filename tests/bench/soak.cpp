// --soak: calls over more actors than memory holds, short orchestrations that are purged when they
// have ended (retention forgets nothing in the first ten minutes of a process), eternal ones with timers, and events across continue_as_new, all at once and for long.
// Folding, passivation and retention go on beside them; nothing may grow that is not live.

#include <array>
#include <atomic>
#include <cstdio>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "examples/hello_cities/hello_cities.hpp"
#include "examples/monitor/monitor.hpp"
#include "tests/bench/application.hpp"
#include "tests/bench/latencies.hpp"
#include "tests/bench/process_figures.hpp"
#include "tests/bench/rows.hpp"

namespace reprise::bench {
namespace {

using clock = closed_loop::clock;

struct moment {
  latencies::since calls;
  double memory_mib = 0, folder_mib = 0;
};

class mixed_load {
 public:
  mixed_load(bench_node& on, unsigned keys) : on_(on), keys_(keys) {
    for (std::size_t i = 0; i < chance_.size(); ++i) chance_[i].seed(static_cast<unsigned>(i + 1));
    if (!on_->start(sum_up.as("soak-sum", std::int64_t{0})).get()) ++refused_;
    calls_ = std::make_unique<closed_loop>(
        chance_.size(), [this](std::size_t c, auto done) { call(c, std::move(done)); });
    cities_ = std::make_unique<closed_loop>(
        16, [this](std::size_t, auto done) { run(examples::cities::hello_cities, done); });
    monitors_ = std::make_unique<closed_loop>(64, [this](std::size_t, auto done) {
      const auto watch = [](auto in) { in.setIntervalSeconds(1), in.setRounds(5); };
      run(examples::monitor::monitor, done, watch);
    });
    events_ = std::make_unique<closed_loop>(8, [this](std::size_t, auto done) {
      on_->instances().raise(more.to("soak-sum", std::int64_t{1}), {},
                             [done](result<> r) { done(bool(r)); });
    });
  }

  std::size_t failures() const {
    std::size_t all = refused_;
    for (const auto* each : {&calls_, &cities_, &monitors_, &events_}) all += (*each)->failures();
    return all;
  }
  // Samples that nobody takes are forgotten, so that the benchmark itself does not grow.
  void forget_samples() {
    for (auto* each : {&calls_, &cities_, &monitors_, &events_}) (*each)->measure();
  }
  moment look() {
    return {taken_.take(), double(own_memory_bytes()) / (1u << 20),
            double(folder_bytes(on_.folder())) / (1u << 20)};
  }

 private:
  void call(std::size_t caller, closed_loop::done done) {
    const auto sent = clock::now();
    const auto key = static_cast<unsigned>(chance_[caller]() % keys_);
    add_one(*on_, key, [this, sent, done = std::move(done)](bool good) {
      taken_.add(static_cast<std::uint64_t>((clock::now() - sent) / std::chrono::microseconds(1)));
      done(good);
    });
  }
  // To its end, and then it goes.
  template <class Orchestration, class... In>
  void run(const Orchestration& what, closed_loop::done done, const In&... in) {
    const auto id = "soak-" + std::to_string(started_.fetch_add(1));
    on_->start(what.as(id, in...).what(), {}, [this, id, done](result<std::string> started) {
      if (!started) return done(false);
      on_->instances()
          .wait(id,
                [this, id, done](result<instance_status> ended) {
                  if (!ended) return done(false);
                  on_->instances().purge(id, {}, {},
                                         [done](result<> purged) { done(bool(purged)); });
                })
          .keep();
    });
  }

  bench_node& on_;
  const unsigned keys_;
  std::size_t refused_ = 0;  // starts
  std::atomic<std::uint64_t> started_{0};
  latencies taken_;
  std::array<std::minstd_rand, 32> chance_;
  std::unique_ptr<closed_loop> calls_, cities_, monitors_, events_;  // last: they use the rest
};

row ratio_row(const char* name, double first, double last, double bar, const char* unit) {
  row r;
  r.name = name;
  r.compared = figure::value;
  r.value = first > 0 ? last / first : 0;
  r.at_least = bar;
  r.aim = 1;
  char text[80];
  std::snprintf(text, sizeof text, "%.1f -> %.1f %s", first, last, unit);
  r.remark = text;
  return r;
}

}  // namespace

std::vector<row> run_soak(const options& asked) {
  constexpr unsigned minutes = 10;  // the time asked for in so many parts, after one to warm up in
  bench_node on(asked, "soak", {.memory = std::size_t{64} << 20});
  const unsigned keys = asked.size(200'000, 2'000);
  fill_counters(on, 0, keys);
  std::vector<moment> seen;
  std::size_t failures = 0;
  {
    mixed_load load(on, keys);
    wait(asked.soak / minutes);
    load.look();
    for (unsigned i = 0; i < minutes; ++i) {
      load.forget_samples();
      wait(asked.soak / minutes);
      seen.push_back(load.look());
      const auto& now = seen.back();
      std::printf(
          "part %2u: %llu calls, p50 %.0f us, p99 %.0f us, memory %.1f MiB, folder %.1f MiB\n",
          i + 1, static_cast<unsigned long long>(now.calls.count), now.calls.p50, now.calls.p99,
          now.memory_mib, now.folder_mib);
      std::fflush(stdout);
    }
    failures = load.failures();
  }
  const auto &first = seen.front(), &last = seen.back();
  std::vector<row> rows = {
      ratio_row("soak: p99 of a call, last part over first", first.calls.p99, last.calls.p99, 1.5,
                "us"),
      ratio_row("soak: memory, likewise", first.memory_mib, last.memory_mib, 1.1, "MiB"),
      ratio_row("soak: data folder, likewise", first.folder_mib, last.folder_mib, 1.1, "MiB")};
  if (failures > 0) rows.front().remark += ", " + std::to_string(failures) + " callers FAILED";
  return rows;
}

}  // namespace reprise::bench
