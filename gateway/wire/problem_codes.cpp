#include "gateway/wire/problem_codes.hpp"

#include <cstdint>
#include <iterator>
#include <vector>

#include "actors/failure.hpp"

namespace reprise::gateway {

namespace {

// Codes of requests that the gateway refuses itself.
constexpr std::string_view edge_codes[] = {
    "body_too_large", "dropped",      "expectation", "header_too_large",
    "host",           "internal",     "malformed",   "media_type",
    "method",         "no_route",     "not_failed",  "not_ready",
    "origin",         "rate",         "scope",       "too_slow",
    "unauthorized",   "url_too_long", "version"};

}  // namespace

std::span<const std::string_view> cause_words() {
  static const auto words = [] {
    std::vector<std::string_view> all;
    for (std::uint16_t number = 1; number < 64; ++number)
      if (const auto word = to_string(cause{number}); word != "unknown") all.push_back(word);
    return all;
  }();
  return words;
}

std::span<const std::string_view> problem_codes() {
  static const auto words = [] {
    std::vector<std::string_view> all(cause_words().begin(), cause_words().end());
    all.insert(all.end(), std::begin(edge_codes), std::end(edge_codes));
    return all;
  }();
  return words;
}

}  // namespace reprise::gateway
