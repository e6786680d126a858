// What a layered store needs of its tables: they hold every write up to one position and none after
// it, and answer what the layers above them do not decide.
//
// Threads: `fold` and `count_keys` by one at a time, `read` by any number beside them.

#pragma once

#include <cstddef>
#include <optional>

#include "persistence/errc.hpp"
#include "persistence/memtable/layer.hpp"
#include "persistence/memtable/view.hpp"
#include "persistence/store.hpp"

namespace reprise::persistence::internal {

class base_tables {
 public:
  virtual ~base_tables() = default;

  // Brings the tables up to the end of the layer, which is at `folded`, as a whole or not at all.
  // `full`: they are unchanged and the fold may be retried. Any other error stops the store.
  virtual result<void> fold(const layer&, persistence::term, position folded) = 0;

  // Answers the whole request as the view shows it: its layers, then the tables below them. Nothing
  // if the tables are past the view, whose layers then lack what was folded: take a later view.
  virtual std::optional<load_answer> read(const load_request&, const view& above) = 0;

  // Counts at most `at_most` further keys, once after an open. Returns whether there are more.
  // `corrupt`: keys are lost, so nothing may be served.
  virtual result<bool> count_keys(std::size_t at_most) = 0;
};

}  // namespace reprise::persistence::internal
