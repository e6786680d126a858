// What the server counts of connections, and everybody of refusals: for metrics.
//
// Threads: any; atomics only.

#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace reprise::gateway {

// By reason: the `code` of the problem that was answered, or why a connection was closed without one.
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

  // What is none of the words counts as the last of them.
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
  std::atomic<std::uint64_t> accepted{0};  // connections that were served
  std::atomic<std::size_t> open{0};
};

}  // namespace reprise::gateway
