// The keys of the tables, counted once after an open and held against the sums that the folds kept:
// LMDB's pages have no checksums, and a damaged key reads as one that is not there.
//
// It is counted in slices with folds between them: a fold tells what it adds and erases below the
// place that the count has reached.
//
// Threads: one at a time, as `tables::fold`.

#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "persistence/keys.hpp"

namespace reprise::persistence::internal {

struct table_sum {
  std::uint64_t keys = 0;
  std::uint64_t hashes = 0;  // the sum of key_hash over them, wrapping
  friend bool operator==(const table_sum&, const table_sum&) = default;
};
std::uint64_t key_hash(std::string_view key) noexcept;

class table_sums {
 public:
  enum direction : std::uint64_t { come = 1, gone = ~std::uint64_t{0} };  // plus one, minus one

  // A key of no table counts for the store's own, which has none: it shows as one too many.
  void count(std::string_view key, direction) noexcept;

  std::uint64_t keys() const noexcept;  // in all

  table_sum& operator[](std::size_t table) noexcept { return sums_[table]; }
  const table_sum& operator[](std::size_t table) const noexcept { return sums_[table]; }
  friend bool operator==(const table_sums&, const table_sums&) = default;

 private:
  std::array<table_sum, table_count> sums_{};
};

// "table entries has 29 keys, the folds left 30: keys have vanished": one for each table that is not
// as it was left.
std::vector<std::string> differences(const table_sums& found, const table_sums& left);

struct key_count {
  std::string next;  // every key below it is in `found`
  table_sums found;
  bool complete = false;

  bool covers(std::string_view key) const noexcept { return complete || key < next; }
};

}  // namespace reprise::persistence::internal
