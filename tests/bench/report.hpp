// What a run of the benchmark says: one JSON line per row as it comes, one table at the end.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace reprise::bench {

// Latencies of one row, in microseconds.
struct quantiles {
  double p50 = 0, p99 = 0, p999 = 0;
};
quantiles quantiles_of(std::vector<float>& samples);  // sorts them

struct row {
  std::string name;  // "actor calls, 64 callers, 1,000,000 keys"
  double per_second = 0;
  quantiles micros = {};
  double seconds = 0;
  std::optional<unsigned> folds = {};  // of the data folder, while the row ran
  std::size_t anchor_callers = 0;  // of group_commit, which it is measured against; 0: stands alone
  double anchor_per_second = 0;    // the mean of a run before and one after the row
  double bound = 0;                // the ratio that is asked for; 0: none
  std::string remark = {};
  std::optional<bool> kept = {};  // rows with another bound than a ratio

  double ratio() const { return anchor_per_second > 0 ? per_second / anchor_per_second : 0; }
};

class report {
 public:
  void add(row);  // prints its JSON line
  void print_table() const;

 private:
  std::vector<row> rows_;
};

}  // namespace reprise::bench
