// A resident actor without its C++ type: the user's struct with its durable members.
//
// Threads: one at a time, the host's. Ownership: the host owns it; the entries are borrowed for `run`.

#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "actors/actor/turn_result.hpp"
#include "actors/bindings.hpp"
#include "actors/payload.hpp"
#include "actors/turn.hpp"

namespace reprise::internal {

// What a turn reads from its actor's tables. `nullopt` means "not loaded": the turn then ends with
// `turn_result::missing`.
class entry_source {
 public:
  using slot = std::optional<payload>;                        // the entry, or empty: there is none
  using page = std::vector<std::pair<std::string, payload>>;  // ascending keys

  virtual ~entry_source() = default;
  virtual std::optional<slot> find(const std::string& table, const std::string& key) = 0;
  // Returns at most `limit` entries in [first, last); last "" means the end of the table.
  virtual std::optional<page> scan(const std::string& table, const std::string& first,
                                   const std::string& last, std::size_t limit) = 0;
};

class actor_object {
 public:
  virtual ~actor_object() = default;

  // Sets the durable state as last committed. An empty payload means none yet: the default value.
  virtual void load(payload state) = 0;
  // The state from `load` or from the last turn that succeeded.
  virtual const payload& state() const noexcept = 0;

  // Runs one operation. Unless it succeeds, the state stays as it was. Never throws: an exception
  // from user code is an answer with cause::failed. If an entry is missing, `input` is unchanged,
  // and the host runs the same message again after loading the entry.
  virtual turn_result run(const bound_operation&, payload& input, const turn_seen&,
                          entry_source*) = 0;

  // Approximate bytes in memory, for passivation.
  virtual std::size_t footprint() const noexcept = 0;
};

}  // namespace reprise::internal

namespace reprise {

// What is bound to the name of an actor type.
class actor_code {
 public:
  virtual ~actor_code() = default;
  // Makes an object without a state, to be loaded.
  virtual std::unique_ptr<internal::actor_object> make() const = 0;
};

}  // namespace reprise
