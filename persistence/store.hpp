// Ordered bytes that survive: numbered tables of ordered keys, written in groups of transitions.
//
// A group is committed whole. One thread commits (the log's); loads may be asked from any thread
// and are answered on a thread of the store's, or at once on the caller's when nothing has to be
// read from disk. No call but `commit`, `begin_term` and `read` blocks.
//
// Three layers: the log is what is durable; a sorted overlay in memory holds what is durable and
// not yet folded; tables hold the rest. Every answer says at which position its view stood.

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

// What to read: single keys, or one page of a range, or both. All from one view.
struct load_request {
  std::vector<std::string> keys;
  std::string first, last;          // [first, last); no page when both are empty
  std::size_t max_entries = 1000;   // of the page
  std::size_t max_bytes = 1 << 20;  // of the page; at least one entry is given
};

struct load_answer {
  position at = 0;                                           // where the view stood
  std::vector<std::optional<std::string>> values;            // one per key, in the order asked
  std::vector<std::pair<std::string, std::string>> entries;  // the page, ascending
  bool more = false;                                         // the page was cut by a bound
  std::vector<std::string> corrupt;  // keys whose checksum does not fit; they are absent above
  std::optional<fault> error;        // nothing could be read
};

struct store_load {             // how full the store is, for back-pressure
  std::uint64_t log_bytes = 0;  // not yet folded
  std::uint64_t overlay_bytes = 0;
  bool must_wait = false;  // log_limit or overlay_limit reached, or `full`: take no new turns
  bool full = false;       // the disk or the map is, until there is room to go on with
};

// What a store says on a thread of its own, each once until it says the next. What is called must not
// call the store back.
struct store_events {
  std::function<void()> room{};                 // `must_wait` turned false
  std::function<void(const fault&)> full{};     // `load_state().full` turned true
  std::function<void(const fault&)> stopped{};  // by something else than a commit or a term
};

class store {
 public:
  virtual ~store() = default;

  // The term begun by open, or by the last begin_term.
  virtual persistence::term term() const = 0;
  // The last durable position: after open, that of the last good frame. Safe from any thread.
  virtual position durable() const = 0;

  // Makes the group durable: positions `first`, `first + 1`, ... one per batch. Blocks for one
  // write and one flush; when it returns, every load sees the whole group. `first` is durable()
  // + 1. Errors: not_written (nothing happened; call begin_term before the next commit), unknown
  // (the store has failed; every later call says so).
  virtual result<void> commit(position first, std::span<const batch> group) = 0;

  // After not_written: a new, higher term, written and flushed as an empty frame (the probe write).
  virtual result<persistence::term> begin_term() = 0;

  // `done` is called once, from any thread, possibly before `load` returns.
  virtual void load(load_request, std::function<void(load_answer)> done) = 0;

  // The same, waiting: for recovery, tools and tests. Not from scheduler threads.
  virtual load_answer read(const load_request&) = 0;

  virtual store_load load_state() const = 0;
  // The same answer as in there, for every turn to ask.
  virtual bool must_wait() const noexcept = 0;
  // Set before the first commit; what is the case by then is said at once. Set to nothing, it says
  // nothing more when this returns.
  virtual void watch(store_events) = 0;

  // Folds what is there and ends the store's threads; nothing may be called after it but itself, which
  // then does nothing. The destructor without it is a crash: it folds nothing.
  virtual void close() = 0;
};

}  // namespace reprise::persistence
