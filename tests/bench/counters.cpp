#include <cstdio>
#include <functional>
#include <string>
#include <utility>

#include "examples/counter/counter.hpp"
#include "tests/bench/rows.hpp"

namespace reprise::bench {

void add_one(node& on, unsigned key, closed_loop::done done) {
  on.ask(examples::counter::add("c" + std::to_string(key), [](auto in) { in.setAmount(1); }),
         std::function<void(result<value<examples::counter::Count>>)>(
             [done = std::move(done)](result<value<examples::counter::Count>> answer) {
               done(bool(answer));
             }));
}

void fill_counters(bench_node& on, unsigned first, unsigned last) {
  std::printf("filling %u keys\n", last - first);
  std::fflush(stdout);
  run_each(last - first, 1024, [&](std::size_t index, closed_loop::done done) {
    add_one(*on, first + static_cast<unsigned>(index), std::move(done));
  });
}

}  // namespace reprise::bench
