#include "tests/bench/options.hpp"

#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace reprise::bench {
namespace {

[[noreturn]] void usage(int status) {
  std::fprintf(
      status ? stderr : stdout,
      "usage: reprise-bench [--quick] [--seconds N] [--keys N] [--folder DIR] [--only GROUP]\n"
      "  --seconds N   per row, at least (20); less is for developing, and the output says so\n"
      "  --keys N      of the large key space (1000000)\n"
      "  --folder DIR  on the disk to be measured (build/bench); it is emptied\n"
      "  --only GROUP  actors, orchestrations or idle; and the anchors they need\n"
      "  --quick       a smoke test of all rows: a second each, 10,000 keys, no folds waited "
      "for\n");
  std::exit(status);
}

}  // namespace

options parse_options(int argc, char** argv) {
  options asked;
  for (int i = 1; i < argc; ++i) {
    const std::string_view name = argv[i];
    const char* value = i + 1 < argc ? argv[i + 1] : nullptr;
    if (name == "--help") usage(0);
    if (name == "--quick") {
      asked.quick = true;
      asked.seconds = 1;
      asked.folds = 0;
      asked.many_keys = 10'000;
      continue;
    }
    if (!value) usage(2);
    ++i;
    if (name == "--seconds")
      asked.seconds = std::atof(value);
    else if (name == "--keys")
      asked.many_keys = static_cast<unsigned>(std::atoi(value));
    else if (name == "--folder")
      asked.folder = value;
    else if (name == "--only")
      asked.only = value;
    else
      usage(2);
  }
  if (asked.seconds <= 0 || asked.many_keys < asked.few_keys) usage(2);
  return asked;
}

}  // namespace reprise::bench
