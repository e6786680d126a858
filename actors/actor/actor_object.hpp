// One resident actor behind its C++ type: the user's struct with its durable members.
//
// Threads: one at a time, the host's. Ownership: the host owns it; the entries are borrowed for
// `run`.

#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "actors/actor/turn_result.hpp"
#include "actors/payload.hpp"
#include "actors/turn.hpp"

namespace reprise::internal {

// What a turn may read of its actor's tables. An answer of `nullopt` means "not here: load it"; the
// turn then ends with `turn_result::missing`.
class entry_source {
 public:
  using slot = std::optional<payload>;                        // the entry, or that there is none
  using page = std::vector<std::pair<std::string, payload>>;  // ascending keys

  virtual ~entry_source() = default;
  virtual std::optional<slot> find(const std::string& table, const std::string& key) = 0;
  // All entries in [first, last); last "" = to the end of the table; at most `limit` of them.
  virtual std::optional<page> scan(const std::string& table, const std::string& first,
                                   const std::string& last, std::size_t limit) = 0;
};

// Which operation: the position in the list of the actor's bindings.
struct operation_binding;

class actor_object {
 public:
  virtual ~actor_object() = default;

  // Gives the durable state as last committed: an empty payload means none yet (an empty struct).
  virtual void load(payload state) = 0;
  // As `load` gave it, or the last turn that was done left it.
  virtual const payload& state() const noexcept = 0;

  // Runs one operation. On any outcome but done, the state is what it was. Never throws: what user
  // code throws is an answer with cause::failed. The object may be run again with the same message when
  // something is missing; only then `input` is what it was.
  virtual turn_result run(const operation_binding&, payload& input, const turn_seen&,
                          entry_source*) = 0;

  // Approximate bytes it holds in memory, for passivation.
  virtual std::size_t footprint() const noexcept = 0;
};

}  // namespace reprise::internal
