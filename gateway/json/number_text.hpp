// The numbers of a JSON text as they were written. A parser makes a double of whatever has a point or an
// exponent, and then 1e-400 is 0, 9007199254740993.0 is another number and -0 is 0: whether a number is
// whole, and which, is decided from its digits.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace reprise::gateway {

// Goes along with whoever reads the values of a text in their order: each number is either passed or
// looked at, once. A text whose numbers are all passed is not read again.
class number_texts {
 public:
  explicit number_texts(std::string_view valid_json) : rest_(valid_json) {}

  void pass() noexcept { ++behind_; }
  std::string_view next();  // the number that comes now

 private:
  std::string_view rest_;
  std::size_t behind_ = 0;  // numbers that were passed, and still stand in `rest_`
};

// 1.0, 12.50e1 and 1e18 are whole numbers. Nothing: it is not whole, or beyond 64 bits.
std::optional<std::int64_t> whole_number(std::string_view literal);
std::optional<std::uint64_t> whole_unsigned(std::string_view literal);

// The same text in which integers of more digits than 64 bits hold are doubles, as in JavaScript:
// 100000000000000000000 becomes 100000000000000000000.0. It need not be valid.
std::string with_large_integers_as_doubles(std::string_view json);

}  // namespace reprise::gateway
