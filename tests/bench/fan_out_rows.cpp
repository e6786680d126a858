#include <functional>
#include <string>
#include <utility>

#include "examples/fan_out/fan_out.hpp"
#include "tests/bench/rows.hpp"

namespace reprise::bench {
namespace {

constexpr unsigned width = 1000;

row fan_out_row(const options& asked, std::size_t in_flight) {
  bench_node on(asked, "fan-out");
  closed_loop loop(in_flight, [&](std::size_t, closed_loop::done done) {
    using total = result<value<examples::fan_out::Total>>;
    auto job = examples::fan_out::fan_out([](auto in) { in.setCount(width); });
    on->ask(job, std::function<void(total)>([done = std::move(done)](total t) {
              done(t && (*t)->getSum() == std::uint64_t{width} * (width - 1) / 2);
            }));
  });
  auto r = measure(asked, on, loop,
                   "fan-out to 1,000 and sum, " + std::to_string(in_flight) + " in flight");
  r.per_second *= width;  // activities
  r.remark += r.remark.empty() ? "latencies are of whole instances" : "";
  r.anchor = group_commit(1024);
  r.at_least = 0.3;
  r.aim = 0.6;
  return r;
}

}  // namespace

std::vector<row> run_fan_out_rows(const options& asked) {
  return {fan_out_row(asked, 1), fan_out_row(asked, 8)};
}

}  // namespace reprise::bench
