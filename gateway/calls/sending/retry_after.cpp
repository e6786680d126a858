#include "gateway/calls/sending/retry_after.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>

#include "gateway/calls/http.hpp"
#include "gateway/calls/limits.hpp"

namespace reprise::http::internal {
namespace {

using std::chrono::seconds;

std::optional<seconds> whole_seconds(std::string_view text) {
  if (text.empty()) return std::nullopt;
  seconds all(0);
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    all = std::min(all * 10 + seconds(c - '0'), limits::longest_poll);
  }
  return all;
}

// Parses the three date formats of RFC 9110, and others. Returns seconds since 1970.
std::optional<seconds> date(std::optional<std::string_view> text) {
  if (!text) return std::nullopt;
  const auto at = curl_getdate(std::string(*text).c_str(), nullptr);
  if (at < 0) return std::nullopt;
  return seconds(at);
}

}  // namespace

duration poll_delay(Response::Reader answer, time_point now) {
  const auto said = field_of(answer, "retry-after");
  if (!said) return limits::poll;
  auto delay = whole_seconds(*said);
  if (const auto due = delay ? std::nullopt : date(said)) {
    const auto from = date(field_of(answer, "date"));
    delay = *due - (from ? *from : std::chrono::floor<seconds>(now.time_since_epoch()));
  }
  return std::clamp(delay.value_or(limits::poll), limits::least_poll, limits::longest_poll);
}

}  // namespace reprise::http::internal
