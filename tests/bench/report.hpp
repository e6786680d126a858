// The output of a benchmark run: one JSON line for each row as it comes, one table at the end.

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

// Which figure of a row is compared with its bar. For a rate more is better, for all others less.
enum class figure : std::uint8_t { per_second, p50, p99, value };

// A row of an anchor: a program, and the start of its "parameters".
struct anchor_choice {
  std::string program = {};  // without "anchor-"; empty: the row stands alone
  std::string parameters = {};
};
anchor_choice group_commit(std::size_t callers);

struct row {
  std::string name = {};  // "actor calls, 64 callers, 1,000,000 keys"
  double per_second = 0;
  quantiles micros = {};
  double seconds = 0;
  std::optional<unsigned> folds = {};         // of the data folder, while the row ran
  std::optional<std::uint64_t> flushes = {};  // of the whole process, likewise
  double value = 0;                           // a figure that is neither rate nor latency
  std::string unit = {};                      // of `value`
  figure compared = figure::per_second;
  anchor_choice anchor = {};
  double anchor_figure = 0;  // the mean of a run before and one after the row; 0: none was run
  double at_least = 0;  // of the ratio, or of the figure itself when there is no anchor; 0: no bar
  double aim = 0;
  std::string remark = {};
  std::optional<bool> kept = {};  // rows whose bar is no single figure

  double measured() const;
  double score() const { return anchor_figure > 0 ? measured() / anchor_figure : measured(); }
  bool reaches(double bar) const;
};

class report {
 public:
  void add(row);  // prints its JSON line
  void print_table() const;

 private:
  std::vector<row> rows_;
};

}  // namespace reprise::bench
