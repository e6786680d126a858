// What an actor costs that nobody uses: memory of the process before and after many of them, when
// the fold has taken the log's layers back. The first of them pay for what all share, so they are not
// counted.

#include <string>
#include <utility>
#include <vector>

#include "runtime/node/node_access.hpp"
#include "tests/bench/process_figures.hpp"
#include "tests/bench/rows.hpp"

namespace reprise::bench {
namespace {

// Until memory stops falling: layers die with the fold that took them, some seconds after the writes.
std::uint64_t settled_bytes(const options& asked) {
  auto last = own_memory_bytes();
  for (int calm = 0, tries = 0; calm < 7 && tries < 60; ++tries) {
    wait(asked.quick ? 0.05 : 1);
    const auto now = own_memory_bytes();
    calm = now + (64u << 10) < last ? 0 : calm + 1;
    last = now;
  }
  return last;
}

}  // namespace

std::vector<row> run_memory_row(const options& asked) {
  constexpr std::uint64_t state_bytes = 24;  // a Count: the message's header, its root, its number
  const unsigned first = asked.size(200'000, 2'000), all = asked.many_keys;
  bench_node on(asked, "memory", {.memory = std::size_t{16} << 30});
  auto& hosts = internal::node_access::engine(*on).hosts;
  fill_counters(on, 0, first);
  const auto before = settled_bytes(asked);
  const auto hosts_before = hosts.size();
  fill_counters(on, first, all);
  const auto after = settled_bytes(asked);
  const auto added = hosts.size() - hosts_before;
  row r;
  r.name = "memory of an idle actor beside its state";
  r.compared = figure::value;
  r.unit = "bytes";
  r.value = (double(after) - double(before)) / double(added) - double(state_bytes);
  r.at_least = 4096;
  r.aim = 2048;
  r.remark = std::to_string(added) + " actors, state " + std::to_string(state_bytes) + " bytes";
  return {std::move(r)};
}

}  // namespace reprise::bench
