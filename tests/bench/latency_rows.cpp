#include <functional>
#include <string>
#include <utility>

#include "tests/bench/application.hpp"
#include "tests/bench/rows.hpp"

namespace reprise::bench {
namespace {

// One client that starts an instance, waits for its end and starts the next.
row one_after_the_other(const options& asked, bench_node& on,
                        const orchestration<none, std::int64_t>& which, std::string name) {
  closed_loop loop(1, [&](std::size_t, closed_loop::done done) {
    using number = result<value<std::int64_t>>;
    on->ask(which(), std::function<void(number)>(
                         [done = std::move(done)](number n) { done(n && **n == 5); }));
  });
  auto r = measure(asked, on, loop, std::move(name));
  r.compared = figure::p50;
  r.anchor = {"flush", "\"target\":\"segment\",\"bytes\":4096"};
  return r;
}

}  // namespace

std::vector<row> run_latency_rows(const options& asked) {
  auto folds_by_age = asked;  // one client never fills a fold
  folds_by_age.folds = asked.folds / 4;
  bench_node on(asked, "latency");
  auto durable = one_after_the_other(folds_by_age, on, five, "one instance, 5 activities");
  durable.at_least = 7;
  durable.aim = 6;
  auto early = one_after_the_other(folds_by_age, on, five_early, "... speculative");
  early.at_least = early.aim = 2;
  return {std::move(durable), std::move(early)};
}

}  // namespace reprise::bench
