// The rows of the benchmark: each opens what it needs, runs, and adds itself to the report.

#pragma once

#include <memory>
#include <string>
#include <vector>

#include "runtime/node.hpp"
#include "tests/bench/closed_loop.hpp"
#include "tests/bench/options.hpp"
#include "tests/bench/report.hpp"

namespace reprise::bench {

// A node with all examples bound and its data in an empty folder below the benchmark's; removed at
// the end. Exits with the reason when it cannot be opened.
class bench_node {
 public:
  bench_node(const options&, const std::string& name);
  ~bench_node();
  reprise::node& operator*() { return *node_; }
  reprise::node* operator->() { return node_.get(); }
  const std::string& folder() const { return folder_; }
  // Folds since the last call, or since the folder was made.
  unsigned folds();

 private:
  std::string folder_;
  std::unique_ptr<reprise::node> node_;
  std::uint64_t seen_ = 0;
};

// Lets the loop warm up, measures for as long as asked and until the folder was folded often enough
// (but not for ever), stops it, and gives the row.
row measure(const options&, bench_node&, closed_loop&, std::string name);

// Durable actor calls (counter.add on random keys) with 64 and 1,024 callers, and one row at half
// that rate whether or not answers come (open loop).
std::vector<row> run_actor_rows(const options&, unsigned keys);

// hello_cities, 256 in flight.
row run_orchestration_row(const options&);

// A node that has worked and has nothing to do: bytes written and processor time over ten seconds.
row run_idle_row(const options&);

}  // namespace reprise::bench
