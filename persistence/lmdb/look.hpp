// Reads one view of overlay and tables: the layers from newest to oldest, then the tables.

#pragma once

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "persistence/lmdb/tables.hpp"
#include "persistence/memtable/view.hpp"
#include "persistence/store.hpp"

namespace reprise::persistence::internal {

// Requires that `reader.folded()` is not above `view.at`.
load_answer look_everywhere(const load_request&, const view&, tables::reader&);

// Iterates over what a view shows of one range, ascending: the layers and the tables merged.
// Borrows its arguments; its records are valid as long as the view and the reader.
class merged_range {
 public:
  using record = tables::reader::record;  // key and stored value

  merged_range(const view&, tables::reader&, std::string_view first, std::string_view last);

  // Returns the next record; nothing at the end, or if the tables cannot be read (then `error`).
  std::optional<record> next();
  const std::optional<fault>& error() const noexcept { return error_; }

 private:
  void take(result<std::optional<record>>);
  std::optional<std::string_view> smallest() const;
  std::optional<std::string_view> decide(std::string_view key);
  void skip_below(std::size_t layer_index, std::string_view last);
  void pass(std::string_view key);

  const view& view_;
  tables::reader& tables_;
  std::string_view last_;
  std::vector<const layer::versions::node*> nodes_;  // the next node of each layer
  std::optional<record> record_;                     // the next record of the tables
  std::optional<fault> error_;
};

}  // namespace reprise::persistence::internal
