#include "gateway/json/json_cursor.hpp"

#include <cstddef>

namespace reprise::gateway {

namespace {

// Returns the length of the value at the beginning: up to a comma, colon or bracket of the outer level.
std::size_t value_length(std::string_view s) noexcept {
  std::size_t depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < s.size(); ++i) {
    const char c = s[i];
    if (quoted) {
      if (c == '\\') ++i;
      if (c == '"') quoted = false;
    } else if (c == '"') {
      quoted = true;
    } else if (c == '[' || c == '{') {
      ++depth;
    } else if (depth > 0 && (c == ']' || c == '}')) {
      --depth;
    } else if (depth == 0 && (c == ',' || c == ':' || c == ']' || c == '}')) {
      return i;
    }
  }
  return s.size();
}

}  // namespace

json_cursor::json_cursor(std::string_view array_or_object) noexcept {
  const auto open = array_or_object.find_first_of("[{");
  if (open != std::string_view::npos) rest_ = array_or_object.substr(open + 1);
}

std::optional<std::string_view> json_cursor::next() noexcept {
  const auto end = value_length(rest_);
  const auto part = without_blanks(rest_.substr(0, end));
  const bool goes_on = end < rest_.size() && (rest_[end] == ',' || rest_[end] == ':');
  rest_ = goes_on ? rest_.substr(end + 1) : std::string_view();
  if (part.empty()) return std::nullopt;
  return part;
}

std::string_view without_blanks(std::string_view s) noexcept {
  constexpr std::string_view blanks = " \t\r\n";
  const auto first = s.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return s.substr(first, s.find_last_not_of(blanks) - first + 1);
}

}  // namespace reprise::gateway
