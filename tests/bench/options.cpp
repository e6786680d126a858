#include "tests/bench/options.hpp"

#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "tests/bench/rows.hpp"

namespace reprise::bench {
namespace {

[[noreturn]] void usage(int status) {
  std::fprintf(
      status ? stderr : stdout,
      "usage: reprise-bench [--quick] [--seconds N] [--folds N] [--keys N] [--folder DIR]\n"
      "                     [--only GROUP] [--list] [--soak N]\n"
      "  --seconds N   per row, at least (30); less is for developing, and the output says so\n"
      "  --folds N     per row that writes, at least (10); likewise\n"
      "  --keys N      of the large key space (1000000); likewise\n"
      "  --folder DIR  on the disk to be measured (build/bench); it is emptied\n"
      "  --only GROUP  these rows, and the anchors they need; --list has the names\n"
      "  --soak N      no rows: a mixed load for N seconds, and what grew meanwhile\n"
      "  --quick       a smoke test of all rows: a moment each, small, no folds waited for\n");
  std::exit(status);
}

[[noreturn]] void list_groups() {
  for (const auto& each : row_groups()) std::printf("%-14s %s\n", each.name, each.what);
  std::exit(0);
}

void make_quick(options& asked) {
  asked.quick = true;
  asked.seconds = 0.3;
  asked.folds = 0;
  asked.many_keys = 4'000;
}

bool is_group(const std::string& name) {
  for (const auto& each : row_groups())
    if (name == each.name) return true;
  return name.empty();
}

}  // namespace

options parse_options(int argc, char** argv) {
  options asked;
  for (int i = 1; i < argc; ++i) {
    const std::string_view name = argv[i];
    const char* value = i + 1 < argc ? argv[i + 1] : nullptr;
    if (name == "--help") usage(0);
    if (name == "--list") list_groups();
    if (name == "--quick") {
      make_quick(asked);
      continue;
    }
    if (!value) usage(2);
    ++i;
    if (name == "--seconds")
      asked.seconds = std::atof(value);
    else if (name == "--folds")
      asked.folds = static_cast<unsigned>(std::atoi(value));
    else if (name == "--keys")
      asked.many_keys = static_cast<unsigned>(std::atoi(value));
    else if (name == "--folder")
      asked.folder = value;
    else if (name == "--only")
      asked.only = value;
    else if (name == "--soak")
      asked.soak = std::atof(value);
    else
      usage(2);
  }
  if (asked.seconds <= 0 || asked.soak < 0 || asked.many_keys < asked.few_keys ||
      !is_group(asked.only))
    usage(2);
  return asked;
}

}  // namespace reprise::bench
