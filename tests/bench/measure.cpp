#include <algorithm>
#include <utility>

#include "tests/bench/flushes.hpp"
#include "tests/bench/rows.hpp"

namespace reprise::bench {

row measure(const options& asked, bench_node& on, closed_loop& loop, std::string name) {
  constexpr double patience = 10;  // times the length asked for, when folds are slow to come
  wait(asked.quick ? 0.1 : 1);
  on.folds();
  loop.measure();
  const auto flushes = flushes_so_far();
  row r;
  r.folds = 0;
  for (double waited = 0;
       waited < asked.seconds || (*r.folds < asked.folds && waited < patience * asked.seconds);
       waited += 1) {
    wait(std::min(1.0, asked.seconds));
    *r.folds += on.folds();
  }
  r.flushes = flushes_so_far() - flushes;
  loop.stop();
  auto micros = loop.take_micros();
  r.name = std::move(name);
  r.seconds = loop.seconds();
  r.per_second = double(micros.size()) / r.seconds;
  r.micros = quantiles_of(micros);
  if (loop.failures() > 0)
    r.remark = std::to_string(loop.failures()) + " callers FAILED";
  else if (*r.folds < asked.folds)
    r.remark = "too few folds";
  return r;
}

}  // namespace reprise::bench
