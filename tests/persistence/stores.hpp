// Shared by the tests of this folder: a temporary folder, stores of every kind that can be crashed
// and reopened, and short functions for reading and writing.

#pragma once

#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "persistence/lmdb_store.hpp"
#include "persistence/memory_store.hpp"
#include "persistence/store.hpp"

namespace reprise::persistence::testing {

class temporary_folder {
 public:
  temporary_folder();
  ~temporary_folder();
  temporary_folder(const temporary_folder&) = delete;

  const std::string& path() const { return path_; }
  std::string operator/(std::string_view name) const { return path_ + "/" + std::string(name); }

 private:
  std::string path_;
};

// Options with small segments, so that a test changes segments often.
lmdb_options small(const std::string& folder, fold_mode mode = fold_mode::by_hand);

// Opens a store, or fails the test with the fault's text.
std::unique_ptr<store> opened(const lmdb_options&);

enum class kind { memory, by_hand, every_group, background, by_loaders };
inline constexpr kind all_kinds[] = {kind::memory, kind::by_hand, kind::every_group,
                                     kind::background, kind::by_loaders};
std::ostream& operator<<(std::ostream&, kind);

// One store of a kind, with its disk.
class subject {
 public:
  explicit subject(kind);

  store* operator->() { return store_.get(); }
  store& operator*() { return *store_; }
  void crash();    // the process dies and starts again
  void restart();  // the same, but orderly
  void fold();     // if there is something to fold into

 private:
  void open();

  kind kind_;
  temporary_folder folder_;
  std::shared_ptr<memory_disk> memory_ = std::make_shared<memory_disk>();
  std::unique_ptr<store> store_;
};

// Makes a key of the meta table, whose values may be anything, from a short name; keeps a key of
// another table.
std::string key(std::string_view name);

// Builds a batch in one expression: w().put("a", "1").erase("b").
class w {
 public:
  w& put(std::string_view name, std::string_view value) { return b_.put(key(name), value), *this; }
  w& erase(std::string_view name) { return b_.erase(key(name)), *this; }
  w& erase_range(std::string_view first, std::string_view last) {
    return b_.erase_range(key(first), key(last)), *this;
  }
  operator batch() const { return b_; }

 private:
  batch b_;
};

// Commits a group after the durable position; the test fails if that fails.
void commit(store&, std::vector<batch> group);

// Makes a request by short names; no page without `first`.
load_request ask(std::initializer_list<std::string_view> names, std::string_view first = {},
                 std::string_view last = {}, std::size_t max_entries = 1000,
                 std::size_t max_bytes = 1 << 20);

// By short names.
using record_map = std::map<std::string, std::string>;
std::optional<std::string> get(store&, std::string_view name);
record_map all(store&);  // the meta table, paged
void apply(record_map&, const batch&);

std::string read_file(const std::string& path);
void write_file(const std::string& path, std::string_view bytes);
std::vector<std::string> segments(
    const std::string& folder);  // of the log in a data folder, by name

}  // namespace reprise::persistence::testing
