// The rows of the benchmark, in groups: each opens what it needs, runs, and returns its rows.

#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "runtime/node.hpp"
#include "tests/bench/closed_loop.hpp"
#include "tests/bench/options.hpp"
#include "tests/bench/report.hpp"

namespace reprise::bench {

// What a row sets differently from the defaults of node::open.
struct node_settings {
  std::size_t memory = 0;
  reprise::retention retention = {};
};

// A node with bench_application() and its data in an empty folder below the benchmark's, which is
// removed at the end. Exits with the reason if it cannot be opened.
class bench_node {
 public:
  bench_node(const options&, const std::string& name, node_settings = {});
  ~bench_node();
  reprise::node& operator*() { return *node_; }
  reprise::node* operator->() { return node_.get(); }
  const std::string& folder() const { return folder_; }
  // Folds since the last call, or since the folder was created.
  unsigned folds();
  void close();
  double open();  // again, on the same folder; returns the seconds it took

 private:
  std::string folder_;
  node_settings settings_;
  std::unique_ptr<reprise::node> node_;
  std::uint64_t seen_ = 0;
};

// Warms the loop up, measures for the requested time and until the folder was folded often enough
// (with a limit), stops the loop, and returns the row.
row measure(const options&, bench_node&, closed_loop&, std::string name);

// One durable call of counter `key`.
void add_one(node&, unsigned key, closed_loop::done);
// Calls each of these keys once, so that measured calls find existing state.
void fill_counters(bench_node&, unsigned first, unsigned last);

struct row_group {
  const char* name;  // for --only
  const char* what;
  std::vector<std::string> anchors;  // programs that run before and after
  std::vector<row> (*run)(const options&);
};
const std::vector<row_group>& row_groups();

std::vector<row> run_actor_rows(const options&);
std::vector<row> run_hot_actor_row(const options&);
std::vector<row> run_transient_rows(const options&);
std::vector<row> run_orchestration_row(const options&);
std::vector<row> run_latency_rows(const options&);
std::vector<row> run_fan_out_rows(const options&);
std::vector<row> run_event_row(const options&);
std::vector<row> run_timer_row(const options&);
std::vector<row> run_http_row(const options&);
std::vector<row> run_memory_row(const options&);
std::vector<row> run_open_rows(const options&);
std::vector<row> run_history_rows(const options&);
std::vector<row> run_growth_rows(const options&);
std::vector<row> run_idle_row(const options&);

std::vector<row> run_soak(const options&);  // for options::soak seconds

}  // namespace reprise::bench
