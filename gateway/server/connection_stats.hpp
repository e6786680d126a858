// Counters of connections and refusals, for /metrics. The server counts connections; every part of
// the gateway counts its refusals here.
//
// Threads: any; atomics only.

#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace reprise::gateway {

// Counts refusals by reason: the `code` of the problem, or why a connection was closed without one.
class refusals {
 public:
  static constexpr std::array<std::string_view, 19> words{"malformed",
                                                          "method",
                                                          "too_slow",
                                                          "body_too_large",
                                                          "url_too_long",
                                                          "expectation",
                                                          "header_too_large",
                                                          "version",
                                                          "host",
                                                          "origin",
                                                          "unauthorized",
                                                          "scope",
                                                          "rate",
                                                          "in_flight",
                                                          "connections",
                                                          "connections_of_address",
                                                          "descriptors",
                                                          "tls",
                                                          "other"};

  // Counts one refusal. An unknown word counts as "other".
  void add(std::string_view word) noexcept {
    std::size_t i = 0;
    while (i + 1 < words.size() && words[i] != word) ++i;
    counts_[i].fetch_add(1, std::memory_order_relaxed);
  }
  std::uint64_t count(std::size_t word) const noexcept {
    return counts_[word].load(std::memory_order_relaxed);
  }

 private:
  std::array<std::atomic<std::uint64_t>, words.size()> counts_{};
};

struct connection_stats {
  refusals refused;
  std::atomic<std::uint64_t> accepted{0};  // connections served so far
  std::atomic<std::size_t> open{0};
};

}  // namespace reprise::gateway
