// The limits of durable HTTP calls, each with its reason. Some are defaults of `options`.

#pragma once

#include <chrono>
#include <cstddef>

namespace reprise::http::limits {

using namespace std::chrono_literals;

// Bytes. Bodies are in the history: the gateway's limit for a body, and a transition holds 15 MiB.
inline constexpr std::size_t request_body = 1u << 20;
inline constexpr std::size_t response_body = 1u << 20;

// Bytes of all fields of a request or response, names and values. Most servers accept 8 to 64 KiB.
inline constexpr std::size_t head = 64u << 10;
inline constexpr std::size_t fields = 100;
inline constexpr std::size_t url = 8u << 10;
inline constexpr std::size_t method = 16;

// To connect: an unreachable host must not hold a thread of the pool.
inline constexpr std::chrono::milliseconds connect = 5s;
// One attempt with its redirects: longer than the minute after which gateways usually time out.
inline constexpr std::chrono::milliseconds total = 100s;

// More than a few redirects are a loop. Each one is checked like the first URL.
inline constexpr unsigned redirects = 3;

// The delay between two polls. `poll`: without Retry-After; the default of Durable Functions.
// `least_poll`: a server that answers 0 must not fill the history. `longest_poll`: a date far in the
// future must not suspend an instance for ever.
inline constexpr std::chrono::seconds poll = 30s;
inline constexpr std::chrono::seconds least_poll = 1s;
inline constexpr std::chrono::seconds longest_poll = 24h;
// Four events per poll keep the history of one call below 50,000 events. At 30 s they last three days.
inline constexpr unsigned polls = 10'000;

// Bytes. A shorter secret is a mistake, and could not be distinguished from other text in a response.
inline constexpr std::size_t least_secret = 8;
inline constexpr std::size_t secret = 8u << 10;

}  // namespace reprise::http::limits
