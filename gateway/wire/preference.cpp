#include "gateway/wire/preference.hpp"

#include <algorithm>
#include <charconv>
#include <string>
#include <string_view>

#include "gateway/json/text.hpp"

namespace reprise::gateway {

namespace {

std::optional<std::int64_t> seconds_of(std::string_view preference) {
  const auto equals = preference.find('=');
  if (equals == std::string_view::npos) return std::nullopt;
  if (!same_ignoring_case(trimmed(preference.substr(0, equals)), "wait")) return std::nullopt;
  const auto digits = trimmed(preference.substr(equals + 1));
  std::int64_t seconds = 0;
  const auto end = digits.data() + digits.size();
  const auto [last, error] = std::from_chars(digits.data(), end, seconds);
  if (error != std::errc() || last != end || seconds < 0) return std::nullopt;
  return seconds;
}

}  // namespace

std::optional<std::chrono::seconds> preferred_wait(const http_request& request,
                                                   std::chrono::milliseconds longest) {
  const std::int64_t most = std::chrono::duration_cast<std::chrono::seconds>(longest).count();
  std::string_view rest = request.prefer;
  for (;;) {
    const auto end = rest.find(',');
    if (const auto seconds = seconds_of(rest.substr(0, end)))
      return std::chrono::seconds(std::min(*seconds, most));
    if (end == std::string_view::npos) return std::nullopt;
    rest.remove_prefix(end + 1);
  }
}

bool prefers_async(const http_request& request) noexcept {
  std::string_view rest = request.prefer;
  while (!rest.empty()) {
    const auto end = rest.find(',');
    const auto preference = trimmed(rest.substr(0, std::min(end, rest.find(';'))));
    if (same_ignoring_case(preference, "respond-async")) return true;
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  }
  return false;
}

void confirm_wait(http_response& answer, std::chrono::seconds waited) {
  answer.fields.emplace_back("Preference-Applied", "wait=" + std::to_string(waited.count()));
}

void confirm_async(http_response& answer) {
  answer.fields.emplace_back("Preference-Applied", "respond-async");
}

}  // namespace reprise::gateway
