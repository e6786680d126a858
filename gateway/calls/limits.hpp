// The limits of durable HTTP calls, each with its reason. Those of `options` have these as defaults.

#pragma once

#include <chrono>
#include <cstddef>

namespace reprise::http::limits {

using namespace std::chrono_literals;

// Bodies stand in the history: the gateway's limit of one, and a transition takes 15 MiB.
inline constexpr std::size_t request_body = 1u << 20;
inline constexpr std::size_t response_body = 1u << 20;

// Of a request and of an answer, names and values together; most servers take 8 to 64 KiB.
inline constexpr std::size_t head = 64u << 10;
inline constexpr std::size_t fields = 100;
inline constexpr std::size_t url = 8u << 10;
inline constexpr std::size_t method = 16;

// A name that does not answer must not hold a thread of its pool.
inline constexpr std::chrono::milliseconds connect = 5s;
// One attempt, redirects included: some longer than the minute that gateways allow themselves.
inline constexpr std::chrono::milliseconds total = 100s;

// Each is checked as the first URL is; more than a few is a loop.
inline constexpr unsigned redirects = 3;

// Between two polls. An answer 202 without Retry-After: Durable Functions' default. At least: a server
// that says 0 must not fill the history. At most: a date in another century must not park an instance.
inline constexpr std::chrono::seconds poll = 30s;
inline constexpr std::chrono::seconds least_poll = 1s;
inline constexpr std::chrono::seconds longest_poll = 24h;
// Four events each: the history of one call stays below 50,000. Three days at 30 s.
inline constexpr unsigned polls = 10'000;

// A secret shorter than that is a mistake, and could not be told from other text in an answer.
inline constexpr std::size_t least_secret = 8;
inline constexpr std::size_t secret = 8u << 10;

}  // namespace reprise::http::limits
