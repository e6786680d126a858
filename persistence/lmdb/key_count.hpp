// Counts the keys of the tables once after an open and compares them with the sums that the folds
// kept: LMDB's pages have no checksums, and a lookup of a damaged key looks like an absent record.
//
// The count proceeds in slices with folds in between: a fold updates the count for what it adds and
// erases below the place that the count has reached.
//
// Threads: one at a time, like `tables::fold`.

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

  // A key of an unknown table counts for table 0, the store's own, which has none: so it is detected.
  void count(std::string_view key, direction) noexcept;

  std::uint64_t keys() const noexcept;  // of all tables

  table_sum& operator[](std::size_t table) noexcept { return sums_[table]; }
  const table_sum& operator[](std::size_t table) const noexcept { return sums_[table]; }
  friend bool operator==(const table_sums&, const table_sums&) = default;

 private:
  std::array<table_sum, table_count> sums_{};
};

// Returns one sentence for each table that differs: "table entries has 29 keys, the folds left 30:
// keys have vanished".
std::vector<std::string> differences(const table_sums& found, const table_sums& left);

struct key_count {
  std::string next;  // every key below it is counted in `found`
  table_sums found;
  bool complete = false;

  bool covers(std::string_view key) const noexcept { return complete || key < next; }
};

}  // namespace reprise::persistence::internal
