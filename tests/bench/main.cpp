// reprise-bench: how fast, against raw anchors measured in the same call. Rows and bars are those
// of the issue; asserted is nothing, printed is everything.

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "tests/bench/anchor_runs.hpp"
#include "tests/bench/process_figures.hpp"
#include "tests/bench/rows.hpp"

namespace {

using namespace reprise::bench;

// Holds rows against runs of their anchors before and after them: machines are shared, and what they
// give drifts within minutes.
class anchors_around {
 public:
  explicit anchors_around(const options& asked) : asked_(asked) {}

  std::vector<row> rows_of(const row_group& group) {
    for (const auto& program : group.anchors)
      if (!last_.contains(program)) last_[program] = run(program);
    const auto before = last_;
    auto rows = group.run(asked_);
    if (!asked_.quick) last_.clear();  // what ran before these rows is too old for the next
    for (const auto& program : group.anchors)
      if (!asked_.quick) last_[program] = run(program);
    for (auto& r : rows) {
      const auto found = last_.find(r.anchor.program);
      if (found == last_.end()) continue;  // alone, or against an anchor that it ran itself
      const auto of = [&](const anchor_figures& all) {
        return chosen(all, r.anchor).of(r.compared);
      };
      r.anchor_figure = (of(before.at(r.anchor.program)) + of(found->second)) / 2;
    }
    return rows;
  }
  bool voided() const { return voided_; }

 private:
  anchor_figures run(const std::string& program) {
    auto shorter = asked_;
    shorter.seconds = std::min(asked_.seconds, 5.0);  // for each row of the anchor
    auto figures = run_anchor(program, shorter);
    voided_ = record_anchors(program, figures, asked_) || voided_;
    return figures;
  }

  const options& asked_;
  bool voided_ = false;
  std::map<std::string, anchor_figures> last_;
};

void print_machine() {
  double load[3] = {};
  ::getloadavg(load, 3);
  const auto taken = look_at_the_clock();
  std::printf(
      "%ld cores, %.1f GiB memory, load %.2f %.2f %.2f; %.1f%% of a second was taken away from "
      "threads that only looked at the clock, at most %.1f ms at a time\n",
      ::sysconf(_SC_NPROCESSORS_ONLN),
      double(::sysconf(_SC_PHYS_PAGES)) * double(::sysconf(_SC_PAGESIZE)) / (1u << 30), load[0],
      load[1], load[2], 100 * taken.share, taken.longest_ms);
  std::fflush(stdout);
}

void run(const options& asked) {
  print_machine();
  report all;
  anchors_around anchors(asked);
  if (asked.soak > 0) {
    for (auto& r : run_soak(asked)) all.add(std::move(r));
    return all.print_table();
  }
  for (const auto& group : row_groups()) {
    if (!asked.only.empty() && asked.only != group.name) continue;
    for (auto& r : anchors.rows_of(group)) all.add(std::move(r));
  }
  all.print_table();
  print_machine();
  if (anchors.voided())
    std::printf("VOID: an anchor is below 0.7 of the median of its last five runs; run again\n");
  if (asked.quick || asked.seconds < 30 || asked.folds < 10 || asked.many_keys < 1'000'000)
    std::printf("%s: rows shorter or smaller than asked for (30 s, 10 folds, 1,000,000 keys)\n",
                asked.quick ? "--quick, no result" : "developing");
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const auto asked = parse_options(argc, argv);
    run(asked);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "reprise-bench: %s\n", error.what());
    return 1;
  }
}
