#include "gateway/cli/printer.hpp"

#include <unistd.h>

#include <algorithm>
#include <iostream>

#include "gateway/cli/commands.hpp"
#include "gateway/cli/console.hpp"
#include "gateway/json/json_parts.hpp"
#include "gateway/json/text.hpp"

namespace reprise::gateway {

namespace {

constexpr std::size_t rows_laid_out = 1'000;

// The longest cell, in code points. JSON output has whole values.
constexpr std::size_t longest_cell = 160;

// Cuts a cell at a code point and appends how much is missing.
void shorten(std::string& text) {
  std::size_t points = 0, at = 0;
  for (; at < text.size(); ++at)
    if ((text[at] & 0xc0) != 0x80 && points++ == longest_cell) break;
  if (at == text.size()) return;
  const auto rest = " ... (" + std::to_string(text.size() - at) + " bytes more: -o json)";
  text.replace(at, text.npos, rest);
}

std::string cell_of(std::string text) {
  shorten(text);
  return printed_plainly(std::move(text));
}

// Returns the number of code points, which is the width on a terminal for most texts.
std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

int written() {
  std::cout.flush();
  if (std::cout) return exit_done;
  return complain("the output could not be written", exit_failed);
}

}  // namespace

output_form output_form_of(std::string_view name) {
  if (name == "json") return output_form::json;
  if (name == "ndjson") return output_form::ndjson;
  const bool table = name == "table" || ::isatty(STDOUT_FILENO) == 1;
  return table ? output_form::table : output_form::json;
}

printer::printer(output_form form, std::vector<column> columns)
    : form_(form), columns_(std::move(columns)) {}

void printer::add(std::string object) {
  const bool first = rows_++ == 0;
  if (form_ == output_form::ndjson) {
    std::cout << visible_json(object) << '\n';
  } else if (form_ == output_form::json) {
    std::cout << (first ? "[\n" : ",\n") << visible_json(object);
  } else {
    std::vector<std::string> cells;
    for (const auto& c : columns_) {
      auto& cell = cells.emplace_back();
      for (const auto member : c.members)
        if (cell.empty()) cell = cell_of(plain_member(object, member));
    }
    waiting_.push_back(std::move(cells));
    if (waiting_.size() == rows_laid_out) print_table();
  }
}

int printer::end() {
  if (form_ == output_form::table) print_table();
  if (form_ == output_form::json) std::cout << (rows_ == 0 ? "[]\n" : "\n]\n");
  return written();
}

void printer::print_table() {
  if (widths_.empty()) {
    std::vector<std::string> titles;
    for (const auto& c : columns_) titles.emplace_back(c.title);
    for (std::size_t i = 0; i < titles.size(); ++i) {
      auto& widest = widths_.emplace_back(width(titles[i]));
      for (const auto& row : waiting_) widest = std::max(widest, width(row[i]));
    }
    if (is_decorated(STDOUT_FILENO)) std::cout << "\x1b[1m";
    print_cells(titles);
    if (is_decorated(STDOUT_FILENO)) std::cout << "\x1b[0m";
  }
  for (const auto& row : waiting_) print_cells(row);
  waiting_.clear();
}

void printer::print_cells(const std::vector<std::string>& cells) const {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    line += cells[i];
    const auto used = width(cells[i]);
    line.append(used < widths_[i] ? widths_[i] - used + 2 : 2, ' ');
  }
  line.erase(line.find_last_not_of(' ') + 1);
  std::cout << line << '\n';
}

int print_value(output_form form, const std::string& json) {
  const auto members = form == output_form::table
                           ? json_members(json)
                           : std::vector<std::pair<std::string, std::string>>();
  if (members.empty()) {
    std::cout << (form == output_form::table ? cell_of(plain_text(json)) : visible_json(json))
              << '\n';
    return written();
  }
  std::size_t widest = 0;
  for (const auto& member : members) widest = std::max(widest, width(member.first));
  for (const auto& member : members) {
    auto name = printed_plainly(member.first);
    name.append(widest - std::min(widest, width(name)) + 2, ' ');
    std::cout << name << cell_of(plain_text(member.second)) << '\n';
  }
  return written();
}

}  // namespace reprise::gateway
