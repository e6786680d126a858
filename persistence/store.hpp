// The interface of a store: numbered tables of ordered keys, written durably in groups of transitions.
//
// A group is committed as a whole. One thread commits (the log's). Any thread may load; an answer
// comes on a thread of the store, or at once on the caller's if nothing has to be read from disk.
// Only `commit`, `begin_term` and `read` block.
//
// A store has three layers: the log, which makes writes durable; a sorted overlay in memory (the
// memtables), which holds what is durable but not yet folded; and tables, which hold the rest.
// Every answer says at which position its view was taken.

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "persistence/batch.hpp"
#include "persistence/errc.hpp"

namespace reprise::persistence {

using position = std::uint64_t;  // of a transition in the log; the first is 1
using term = std::uint64_t;  // one opening of the log; grows at every open and every failed commit

// What to read: single keys, one page of a range, or both. All from one view.
struct load_request {
  std::vector<std::string> keys;
  std::string first, last;          // [first, last); no page if both are empty
  std::size_t max_entries = 1000;   // of the page
  std::size_t max_bytes = 1 << 20;  // of the page; it has at least one entry anyway
};

struct load_answer {
  position at = 0;                                           // the position of the view
  std::vector<std::optional<std::string>> values;            // one per key, in the order asked
  std::vector<std::pair<std::string, std::string>> entries;  // the page, ascending
  bool more = false;                                         // the page was cut by a bound
  std::vector<std::string> corrupt;  // keys whose checksum does not match; they are absent above
  std::optional<fault> error;        // if set, nothing could be read
};

struct store_load {             // how full the store is, for back-pressure
  std::uint64_t log_bytes = 0;  // not yet folded
  std::uint64_t overlay_bytes = 0;
  bool must_wait = false;  // log_limit or overlay_limit reached, or `full`: take no new turns
  bool full = false;       // the disk or the map is full, until there is room again
};

// Callbacks of a store, made on a thread of its own, once for each change. They must not call the store.
struct store_events {
  std::function<void()> room{};                 // `must_wait` turned false
  std::function<void(const fault&)> full{};     // `load_state().full` turned true
  std::function<void(const fault&)> stopped{};  // by anything but a commit or a term
};

class store {
 public:
  virtual ~store() = default;

  // The term begun by open or by the last begin_term.
  virtual persistence::term term() const = 0;
  // The last durable position; after open, that of the last valid frame. Thread-safe.
  virtual position durable() const = 0;

  // Makes the group durable at the positions `first`, `first + 1`, ..., one per batch; `first` must
  // be durable() + 1. Blocks for one write and one flush; afterwards every load sees the whole
  // group. Errors: not_written (nothing happened; call begin_term before the next commit), unknown
  // (the store has failed, and every later call returns failed).
  virtual result<void> commit(position first, std::span<const batch> group) = 0;

  // After not_written: begins a new, higher term, written and flushed as an empty frame. This also
  // probes whether the disk can be written again.
  virtual result<persistence::term> begin_term() = 0;

  // Reads asynchronously. Calls `done` once, on any thread, possibly before `load` returns.
  virtual void load(load_request, std::function<void(load_answer)> done) = 0;

  // Reads and waits: for recovery, tools and tests. Do not call it from scheduler threads.
  virtual load_answer read(const load_request&) = 0;

  virtual store_load load_state() const = 0;
  // Same as load_state().must_wait, but lock-free: asked on every turn.
  virtual bool must_wait() const noexcept = 0;
  // Sets the callbacks, before the first commit; conditions that already hold are reported at once.
  // Empty callbacks unsubscribe: once this returns, no callback runs.
  virtual void watch(store_events) = 0;

  // Folds everything and ends the store's threads. Afterwards only `close` may be called, which
  // then does nothing. Destroying the store without it is a crash: nothing is folded.
  virtual void close() = 0;
};

}  // namespace reprise::persistence
