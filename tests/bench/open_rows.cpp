// Opening, against reading the same bytes. Both are warm: the folder was written a moment before, and
// a process cannot empty the machine's page cache without being root.

#include <atomic>
#include <chrono>
#include <cstdio>
#include <functional>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "persistence/lmdb_store.hpp"
#include "runtime/node/node_access.hpp"
#include "tests/bench/application.hpp"
#include "tests/bench/process_figures.hpp"
#include "tests/bench/rows.hpp"

namespace reprise::bench {
namespace {

std::string megabytes(std::uint64_t bytes) { return std::to_string(bytes >> 20) + " MiB"; }

row against_reading(std::string name, double opened, double read, std::uint64_t bytes) {
  row r;
  r.name = std::move(name);
  r.compared = figure::value;
  r.unit = "s";
  r.value = opened;
  r.anchor = {"reading the same bytes, warm", ""};
  r.anchor_figure = read;
  r.at_least = 3;
  r.aim = 1.5;
  char text[96];
  std::snprintf(text, sizeof text, "%s: opened in %.3f s, read in %.3f s", megabytes(bytes).c_str(),
                opened, read);
  r.remark = text;
  return r;
}

row many_instances(const options& asked) {
  const unsigned instances = asked.many_keys;
  bench_node on(asked, "instances");
  std::printf("starting %u instances\n", instances);
  std::fflush(stdout);
  const auto failed = run_each(instances, 512, [&](std::size_t index, closed_loop::done done) {
    on->start(sum_up.as("i" + std::to_string(index), std::int64_t{0}).what(), {},
              [done = std::move(done)](result<std::string> r) { done(bool(r)); });
  });
  on.close();
  const auto bytes = folder_bytes(on.folder());
  const double read = seconds_to_read(on.folder());
  const double opened = on.open();
  auto r = against_reading("open a store of " + std::to_string(instances) + " instances", opened,
                           read, bytes);
  bool there = false;
  std::atomic<bool> told{false};
  on->instances().status("i" + std::to_string(instances - 1), with_history::no,
                         [&](result<instance_status> s) {
                           there = bool(s);
                           told = true;
                         });
  while (!told) wait(0.001);
  if (!there || failed != 0) r.remark += ", instances are MISSING";
  return r;
}

// Works until the store takes no more turns, with a fold that never comes, and ends as a process
// does that is killed. Gives the bytes of log that the next open has to read.
std::uint64_t leave_full_log(const options& asked, const std::string& folder) {
  persistence::lmdb_options how;
  how.folder = folder;
  how.fold.mode = persistence::fold_mode::by_hand;
  auto store = persistence::open_lmdb_store(how);
  if (!store) throw std::runtime_error(store.error().text);
  runtime::engine_options options;
  options.memory = std::size_t{8} << 30;
  options.pools = {{"io", 1}, {"cpu", 1}};
  auto opened = internal::node_access::open(std::make_unique<runtime::engine>(
      bench_application(), std::move(*store), runtime::make_caf_executor(0), std::move(options)));
  if (!opened) throw std::runtime_error(opened.error().text);
  auto node = std::move(*opened);
  auto& disk = *internal::node_access::engine(*node).store;
  std::vector<std::minstd_rand> chance;
  constexpr std::size_t callers = 1024;
  for (std::size_t i = 0; i < callers; ++i) chance.emplace_back(static_cast<unsigned>(i + 1));
  closed_loop loop(callers, [&](std::size_t caller, closed_loop::done done) {
    add_one(*node, static_cast<unsigned>(chance[caller]() % asked.many_keys), std::move(done));
  });
  for (double waited = 0; !disk.must_wait() && waited < (asked.quick ? 0.5 : 300); waited += 0.05)
    wait(0.05);
  const auto bytes = disk.load_state().log_bytes;
  if (disk.must_wait())
    wait(
        0.5);  // now the edge refuses: each caller has ended, or its call is parked until the crash
  else
    loop.stop();
  internal::node_access::crash(std::move(node));
  loop.stop();
  return bytes;
}

row full_log(const options& asked) {
  bench_node on(asked, "full-log");
  on.close();
  const auto bytes = leave_full_log(asked, on.folder());
  const double read = seconds_to_read(on.folder() + "/log", bytes);
  const double opened = on.open();
  return against_reading("recover a full log", opened, read, bytes);
}

}  // namespace

std::vector<row> run_open_rows(const options& asked) {
  return {many_instances(asked), full_log(asked)};
}

}  // namespace reprise::bench
