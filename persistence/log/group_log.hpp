// What a layered store needs of its log: it makes groups of transitions durable, one after the other,
// and keeps each until the tables have it.
//
// Only groups that were flushed are durable. Between `write` and `flush` the store fills its overlay.
// How a log is read after a death is not said here: each kind is opened in its own way, and whoever
// opens a store reads the log into the overlay.
//
// Threads: `write`, `flush` and `why_not_written` from one thread at a time, the rest from any.
// Failure: `not_written` (the log is as before) or `unknown` (never use it again).

#pragma once

#include <cstdint>
#include <span>

#include "persistence/batch.hpp"
#include "persistence/errc.hpp"
#include "persistence/store.hpp"

namespace reprise::persistence::internal {

class group_log {
 public:
  // What a write has made of the log.
  struct growth {
    std::uint64_t bytes = 0;   // by how much it is longer
    bool wants_spare = false;  // `prepare` should be called soon
  };

  virtual ~group_log() = default;

  // Appends a group at the positions `first`, `first + 1`, ..., one per batch. An empty group begins
  // a term.
  virtual result<growth> write(persistence::term, position first, std::span<const batch> group) = 0;
  // Makes durable what was written.
  virtual result<void> flush() = 0;
  // The reason of the last `not_written`: `full`, or what else prevented the write.
  virtual const fault& why_not_written() const noexcept = 0;

  // Frees what is up to `folded`, which the tables have.
  virtual void release(position folded) = 0;
  // Takes room for the groups to come. Slow: do not call it on the committing thread.
  virtual result<void> prepare() = 0;
  // Whether there is room to go on: for what `prepare` takes and for so many bytes of the tables.
  virtual bool has_room(std::uint64_t for_tables) const = 0;
};

}  // namespace reprise::persistence::internal
