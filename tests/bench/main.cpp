// reprise-bench: how fast, against raw anchors measured in the same call. Rows and bounds are those
// of the issue; asserted is nothing, printed is everything.

#include <cstdio>
#include <exception>
#include <string>

#include "tests/bench/rows.hpp"

namespace {

using namespace reprise::bench;

void run(const options& asked) {
  const auto wanted = [&](const char* group) { return asked.only.empty() || asked.only == group; };
  report all;
  bool voided = false;
  if (wanted("actors") || wanted("orchestrations")) {
    const auto group_commit = run_anchor("anchor-group_commit", asked);
    voided = record_anchors("group_commit", group_commit, asked);
    if (wanted("actors")) run_actor_rows(asked, group_commit, all);
    if (wanted("orchestrations")) run_orchestration_row(asked, group_commit, all);
  }
  if (wanted("idle")) run_idle_row(asked, all);
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
