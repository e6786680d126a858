#include <utility>

#include "tests/bench/rows.hpp"

namespace reprise::bench {

std::vector<row> run_hot_actor_row(const options& asked) {
  constexpr std::size_t callers = 256;
  bench_node on(asked, "hot");
  closed_loop loop(callers,
                   [&](std::size_t, closed_loop::done done) { add_one(*on, 0, std::move(done)); });
  auto r = measure(asked, on, loop, "one hot actor, 256 callers");
  r.anchor = group_commit(callers);
  r.at_least = 0.5;
  r.aim = 0.9;
  return {std::move(r)};
}

}  // namespace reprise::bench
