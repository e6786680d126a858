#include <unistd.h>

#include <string>
#include <utility>
#include <vector>

#include "examples/counter/counter.hpp"
#include "tests/bench/process_figures.hpp"
#include "tests/bench/rows.hpp"

namespace reprise::bench {
std::vector<row> run_idle_row(const options& asked) {
  constexpr double span = 10, settle = 10;  // the last fold comes some seconds after the last call
  constexpr std::uint64_t allowed_ticks = 2;
  bench_node on(asked, "idle");
  for (int i = 0; i < 1000; ++i) {
    const auto answer =
        on->ask(examples::counter::add("c" + std::to_string(i), [](auto in) { in.setAmount(1); }))
            .get();
    if (!answer) return {{.name = "idle node", .remark = answer.error().text, .kept = false}};
  }
  wait(asked.quick ? 1 : settle);
  const auto bytes = written_bytes(), used = used_ticks();
  const double seconds = asked.quick ? 1 : span;
  wait(seconds);
  const auto more_bytes = written_bytes() - bytes, more_ticks = used_ticks() - used;
  row r;
  r.name = "idle node";
  r.seconds = seconds;
  r.remark = std::to_string(more_bytes) + " bytes written, " + std::to_string(more_ticks) +
             " ticks of " + std::to_string(::sysconf(_SC_CLK_TCK)) + " a second";
  r.kept = more_bytes == 0 && more_ticks <= allowed_ticks;
  return {std::move(r)};
}

}  // namespace reprise::bench
