#include "gateway/cli/option_checks.hpp"

#include <charconv>
#include <string>

#include <CLI/CLI.hpp>

#include "gateway/json/json_in.hpp"
#include "gateway/json/json_parts.hpp"
#include "gateway/json/time_text.hpp"
#include "gateway/limits.hpp"

namespace reprise::gateway {

namespace {

// Returns "" if the whole text is a number within the bounds, else an error.
template <class Number>
std::string wanted(const std::string& text, Number least, Number most, const char* what) {
  Number n{};
  const auto* end = text.data() + text.size();
  const auto [last, error] = std::from_chars(text.data(), end, n);
  const bool is_plain = !text.empty() && text.find_first_not_of("0123456789.") == text.npos &&
                        (text[0] != '0' || text.size() == 1 || text[1] == '.');
  if (is_plain && error == std::errc() && last == end && n >= least && n <= most) return {};
  return "wanted " + std::string(what) + " from " + CLI::detail::to_string(least) + " to " +
         CLI::detail::to_string(most) + ", came \"" + text + '"';
}

CLI::Validator check(std::function<std::string(std::string&)> f) { return {std::move(f), ""}; }

}  // namespace

CLI::Validator whole_number(std::uint64_t least, std::uint64_t most) {
  return check([=](std::string& text) { return wanted(text, least, most, "a whole number"); });
}

CLI::Validator seconds(double least, double most) {
  return check([=](std::string& text) { return wanted(text, least, most, "seconds"); });
}

CLI::Validator something() {
  return check([](std::string& text) {
    return text.empty() ? std::string("it is empty: an unset variable of a script?") : "";
  });
}

CLI::Validator one_json() {
  return check([](std::string& text) {
    if (nests_deeper(text, max_json_depth)) return std::string("this JSON nests too deep");
    const auto fine = check_json(text);
    return fine ? "" : "wanted one JSON value: " + fine.error().text;
  });
}

CLI::Validator a_time() {
  return check([](std::string& text) {
    return read_time(text)
               ? ""
               : "this is no time: " + text + "; write 2026-01-31 or 2026-01-31T12:00:00Z";
  });
}

}  // namespace reprise::gateway
