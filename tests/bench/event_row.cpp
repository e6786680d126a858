#include <string>
#include <utility>

#include "tests/bench/application.hpp"
#include "tests/bench/rows.hpp"

namespace reprise::bench {

std::vector<row> run_event_row(const options& asked) {
  constexpr std::size_t callers = 1000;  // a mailbox keeps 1,024 in memory and refuses more
  bench_node on(asked, "events");
  const auto id = on->start(sum_up.as("one", std::int64_t{0})).get();
  closed_loop loop(callers, [&](std::size_t, closed_loop::done done) {
    on->instances().raise(more.to("one", std::int64_t{1}), {},
                          [done = std::move(done)](result<> r) { done(bool(r)); });
  });
  auto r = measure(asked, on, loop, "events to one instance, 1,000 callers");
  r.anchor = group_commit(1024);
  r.at_least = 0.15;
  r.aim = 0.5;
  return {std::move(r)};
}

}  // namespace reprise::bench
