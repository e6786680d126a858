// Counts requests and their durations by route; operations and starts also by type. Only bound names
// have rows of their own, because clients could invent any number of others.
//
// The rows are made once. Counting is a few atomic additions and never blocks, because responses are
// sent by the node's threads.
//
// Threads: any. Lifetime: borrows the application's names.

#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <string_view>

#include "actors/application.hpp"
#include "gateway/wire/route_kind.hpp"

namespace reprise::gateway {

// The counters of one route, type and operation.
class request_row {
 public:
  // Upper bounds of the buckets in microseconds: from a response out of memory to a long poll.
  static constexpr std::array<std::int64_t, 14> bounds{
      250,    500,     1'000,   2'500,     5'000,     10'000,     25'000,
      50'000, 100'000, 250'000, 1'000'000, 5'000'000, 15'000'000, 60'000'000};

  void add(unsigned status, std::chrono::nanoseconds took) noexcept;

  std::uint64_t of_class(unsigned hundreds) const noexcept { return by_class_[hundreds]; }
  // Not cumulative. The last bucket counts what took longer than all bounds.
  std::uint64_t in_bucket(std::size_t i) const noexcept { return buckets_[i]; }
  double seconds() const noexcept { return static_cast<double>(sum_.load()) / 1e9; }

 private:
  std::array<std::atomic<std::uint64_t>, 6> by_class_{};  // 2 is 2xx
  std::array<std::atomic<std::uint64_t>, bounds.size() + 1> buckets_{};
  std::atomic<std::int64_t> sum_{0};  // ns
};

class request_metrics {
 public:
  struct row_name {
    std::string_view route, type, operation;
    auto operator<=>(const row_name&) const = default;
  };

  explicit request_metrics(const bindings&);

  request_row& row_of(const route_kind&);
  const std::map<row_name, request_row>& rows() const noexcept { return rows_; }

  std::atomic<std::int64_t> in_flight{0};

 private:
  std::map<row_name, request_row> rows_;
};

}  // namespace reprise::gateway
