// JSON objects to stdout in the form that was asked for: a table for people, one JSON array, or one
// object a line. Rows are printed as they come; a table is laid out by its first thousand.
//
// Control characters never reach a table: a value cannot steer the reader's terminal.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace reprise::gateway {

enum class output_form { table, json, ndjson };

// "" is a table on a terminal and JSON elsewhere.
output_form output_form_of(std::string_view name);

struct column {
  std::string_view title;
  std::vector<std::string_view> members;  // the first that has something: "failure.text"
};

class printer {
 public:
  printer(output_form, std::vector<column>);

  void add(std::string object);
  bool empty() const noexcept { return rows_ == 0; }
  // The exit code: has everything been written?
  int end();

 private:
  void print_table();
  void print_cells(const std::vector<std::string>&) const;

  const output_form form_;
  const std::vector<column> columns_;
  std::vector<std::vector<std::string>> waiting_;  // cells of rows that are not laid out yet
  std::vector<std::size_t> widths_;                // empty until the first rows are printed
  std::size_t rows_ = 0;
};

// One value: an object is a table of its members. Gives the exit code.
int print_value(output_form, const std::string& json);

}  // namespace reprise::gateway
