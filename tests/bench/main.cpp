// reprise-bench: how fast, against raw anchors measured in the same call. Rows and bounds are those
// of the issue; asserted is nothing, printed is everything.

#include <algorithm>
#include <cstdio>
#include <exception>
#include <string>
#include <utility>
#include <vector>

#include "tests/bench/anchor_runs.hpp"
#include "tests/bench/rows.hpp"

namespace {

using namespace reprise::bench;

// Adds rows between two runs of their anchor: machines are shared, and what they give drifts within
// minutes.
class rows_between_anchors {
 public:
  rows_between_anchors(const options& asked, report& into)
      : asked_(asked), into_(into), before_(run()) {}

  void add(std::vector<row> rows) {
    auto after = run();
    for (auto& r : rows) {
      if (r.anchor_callers != 0)
        r.anchor_per_second = (with_callers(before_, r.anchor_callers).per_second +
                               with_callers(after, r.anchor_callers).per_second) /
                              2;
      into_.add(std::move(r));
    }
    before_ = std::move(after);
  }
  bool voided() const { return voided_; }

 private:
  anchor_figures run() {
    auto shorter = asked_;
    shorter.seconds = std::min(asked_.seconds, 5.0);  // for each number of callers
    auto figures = run_anchor("anchor-group_commit", shorter);
    voided_ = record_anchors("group_commit", figures, asked_) || voided_;
    return figures;
  }

  const options& asked_;
  report& into_;
  bool voided_ = false;
  anchor_figures before_;
};

void run(const options& asked) {
  const auto wanted = [&](const char* group) { return asked.only.empty() || asked.only == group; };
  report all;
  bool voided = false;
  if (wanted("actors") || wanted("orchestrations")) {
    rows_between_anchors rows(asked, all);
    if (wanted("actors"))
      for (const auto keys : {asked.few_keys, asked.many_keys})
        rows.add(run_actor_rows(asked, keys));
    if (wanted("orchestrations")) rows.add({run_orchestration_row(asked)});
    voided = rows.voided();
  }
  if (wanted("idle")) all.add(run_idle_row(asked));
  all.print_table();
  if (voided)
    std::printf("VOID: an anchor is below 0.7 of the median of its last five runs; run again\n");
  if (asked.quick || asked.seconds < 20 || asked.many_keys < 1'000'000)
    std::printf("%s: rows shorter or smaller than asked for (20 s, 1,000,000 keys); no result\n",
                asked.quick ? "--quick" : "developing");
}

}  // namespace

int main(int argc, char** argv) {
  try {
    run(parse_options(argc, argv));
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "reprise-bench: %s\n", error.what());
    return 1;
  }
}
