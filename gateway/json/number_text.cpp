#include "gateway/json/number_text.hpp"

#include <algorithm>
#include <charconv>

#include "gateway/json/text.hpp"

namespace reprise::gateway {

namespace {

constexpr std::size_t most_digits = 20;  // digits of a 64-bit integer

bool is_of_number(char c) noexcept {
  return is_digit(c) || c == '.' || c == 'e' || c == 'E' || c == '+' || c == '-';
}

// Returns the length of the string at the beginning, with its quotes.
std::size_t string_length(std::string_view s) noexcept {
  std::size_t i = 1;
  while (i < s.size() && s[i] != '"') i += s[i] == '\\' ? 2 : 1;
  return std::min(i + 1, s.size());
}

// Returns the length of the text before the next number, skipping strings; of all text if there is none.
std::size_t gap_length(std::string_view s) noexcept {
  std::size_t i = 0;
  while (i < s.size() && !is_digit(s[i]) && s[i] != '-')
    i += s[i] == '"' ? string_length(s.substr(i)) : 1;
  return std::min(i, s.size());
}

std::size_t number_length(std::string_view s) noexcept {
  return static_cast<std::size_t>(std::find_if_not(s.begin(), s.end(), is_of_number) - s.begin());
}

// A literal as digits * 10^tens, without zeros at either end of the digits.
struct decimal {
  bool negative = false;
  std::string digits;
  std::int64_t tens = 0;
};

decimal decimal_of(std::string_view literal) {
  decimal d;
  d.negative = literal.starts_with('-');
  literal.remove_prefix(d.negative);
  const auto mantissa = literal.substr(0, literal.find_first_of("eE"));
  const auto point = mantissa.find('.');
  d.digits = mantissa.substr(0, point);
  if (point != mantissa.npos) {
    d.digits += mantissa.substr(point + 1);
    d.tens -= static_cast<std::int64_t>(mantissa.size() - point - 1);
  }
  if (mantissa.size() < literal.size()) {
    auto text = literal.substr(mantissa.size() + 1);
    if (text.starts_with('+')) text.remove_prefix(1);
    constexpr std::int64_t far = 1'000'000'000'000;  // more than the digits of any text
    std::int64_t exponent = 0;
    if (std::from_chars(text.data(), text.data() + text.size(), exponent).ec != std::errc())
      exponent = text.starts_with('-') ? -far : far;
    d.tens += std::clamp(exponent, -far, far);
  }
  const auto last = d.digits.find_last_not_of('0') + 1;
  d.tens += static_cast<std::int64_t>(d.digits.size() - last);
  d.digits.resize(last);
  d.digits.erase(0, d.digits.find_first_not_of('0'));
  return d;
}

template <class Integer>
std::optional<Integer> whole(std::string_view literal) {
  auto d = decimal_of(literal);
  if (d.digits.empty()) return 0;
  if (d.tens < 0 ||
      d.tens + static_cast<std::int64_t>(d.digits.size()) > static_cast<std::int64_t>(most_digits))
    return std::nullopt;
  auto text =
      (d.negative ? "-" : "") + d.digits + std::string(static_cast<std::size_t>(d.tens), '0');
  Integer value{};
  const auto end = text.data() + text.size();
  const auto [read, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || read != end) return std::nullopt;
  return value;
}

}  // namespace

std::string_view number_texts::next() {
  for (;;) {
    rest_.remove_prefix(gap_length(rest_));
    const auto number = rest_.substr(0, number_length(rest_));
    rest_.remove_prefix(number.size());
    if (behind_ == 0 || number.empty()) return number;
    --behind_;
  }
}

std::optional<std::int64_t> whole_number(std::string_view literal) {
  return whole<std::int64_t>(literal);
}
std::optional<std::uint64_t> whole_unsigned(std::string_view literal) {
  return whole<std::uint64_t>(literal);
}

std::string with_large_integers_as_doubles(std::string_view json) {
  std::string out;
  while (!json.empty()) {
    const auto gap = gap_length(json);
    const auto number = json.substr(gap, number_length(json.substr(gap)));
    out += json.substr(0, gap + number.size());
    const bool integer = std::none_of(number.begin(), number.end(),
                                      [](char c) { return c == '.' || c == 'e' || c == 'E'; });
    if (integer && number.size() >= most_digits) out += ".0";
    json.remove_prefix(gap + number.size());
  }
  return out;
}

}  // namespace reprise::gateway
