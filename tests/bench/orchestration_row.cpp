#include <string>
#include <utility>
#include <vector>

#include "examples/hello_cities/hello_cities.hpp"
#include "tests/bench/rows.hpp"

namespace reprise::bench {

std::vector<row> run_orchestration_row(const options& asked) {
  constexpr std::size_t in_flight = 256;
  bench_node on(asked, "cities");
  closed_loop loop(in_flight, [&](std::size_t, closed_loop::done done) {
    using greetings = result<value<std::vector<std::string>>>;
    on->ask(examples::cities::hello_cities(),
            std::function<void(greetings)>(
                [done = std::move(done)](greetings all) { done(all && (*all)->size() == 5); }));
  });
  auto r = measure(asked, on, loop, "hello_cities, 256 in flight");
  r.anchor = group_commit(1024);
  r.at_least = 0.025;
  r.aim = 0.06;
  return {std::move(r)};
}

}  // namespace reprise::bench
