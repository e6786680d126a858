// Reads the numbers of a JSON text from their digits. A parser converts everything with a point or an
// exponent to double, so that 1e-400 becomes 0, 9007199254740993.0 another number, and -0 becomes 0.
// Whether a number is an integer, and which, must be decided from the text.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace reprise::gateway {

// Follows a reader of the values: for each number, in order, the reader calls pass() or next(), once.
// If all numbers are passed, the text is not scanned.
class number_texts {
 public:
  explicit number_texts(std::string_view valid_json) : rest_(valid_json) {}

  void pass() noexcept { ++behind_; }
  std::string_view next();  // returns the text of the current number

 private:
  std::string_view rest_;
  std::size_t behind_ = 0;  // passed numbers that are still in `rest_`
};

// Return the integer that a literal denotes, such as 1.0, 12.50e1 or 1e18; nothing if it is not an
// integer or exceeds 64 bits.
std::optional<std::int64_t> whole_number(std::string_view literal);
std::optional<std::uint64_t> whole_unsigned(std::string_view literal);

// Returns the text with integers that exceed 64 bits written as doubles, as JavaScript reads them:
// 100000000000000000000 becomes 100000000000000000000.0. The text may be invalid JSON.
std::string with_large_integers_as_doubles(std::string_view json);

}  // namespace reprise::gateway
