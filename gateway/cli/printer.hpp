// Prints JSON objects to stdout: as a table for people, one JSON array, or one object per line. Rows are
// printed as they arrive; the first thousand determine the column widths of a table.
//
// A table contains no control characters: a value cannot control the terminal.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace reprise::gateway {

enum class output_form { table, json, ndjson };

// Parses table, json or ndjson. "" is table on a terminal, else json.
output_form output_form_of(std::string_view name);

struct column {
  std::string_view title;
  std::vector<std::string_view> members;  // shows the first that is not empty: "failure.text"
};

class printer {
 public:
  printer(output_form, std::vector<column>);

  void add(std::string object);
  bool empty() const noexcept { return rows_ == 0; }
  // Finishes the output. Returns the exit code: whether everything could be written.
  int end();

 private:
  void print_table();
  void print_cells(const std::vector<std::string>&) const;

  const output_form form_;
  const std::vector<column> columns_;
  std::vector<std::vector<std::string>> waiting_;  // rows before the column widths are known
  std::vector<std::size_t> widths_;                // empty until the first rows are printed
  std::size_t rows_ = 0;
};

// Prints one value; an object in table form is a table of its members. Returns the exit code.
int print_value(output_form, const std::string& json);

}  // namespace reprise::gateway
