// Connects the durable members of a user's struct to their actor, so that the struct stays plain.
// While the engine constructs a struct, the members register in a thread-local list. A struct
// constructed by a test finds no list, and its members work on their own.
//
// Threads: the list exists only during construction, on the constructing thread.

#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "actors/actor/actor_object.hpp"
#include "actors/payload.hpp"
#include "actors/payload_type.hpp"

namespace reprise::internal {

// The state<T> of an actor, type-erased.
class state_member {
 public:
  virtual const payload_type& type() const noexcept = 0;
  virtual void load(payload) = 0;  // also drops edits
  virtual bool edited() const noexcept = 0;
  virtual payload finish() = 0;      // the edits become the loaded state
  virtual void rest() noexcept = 0;  // the turn has ended: frees what only it needed
  virtual std::size_t footprint() const noexcept = 0;

 protected:
  state_member();
  ~state_member() = default;
};

// A table<Key, T> of an actor, in bytes. In a turn it reads what the turn wrote, then what the host
// provides; on its own it is a map.
class table_member {
 public:
  table_member(std::string_view name, const payload_type& key, const payload_type& value);
  table_member(const table_member&) = delete;
  table_member& operator=(const table_member&) = delete;

  const std::string& name() const noexcept { return name_; }
  const payload_type& key_type() const noexcept { return key_; }
  const payload_type& value_type() const noexcept { return value_; }

  std::optional<payload> find(const std::string& key) const;
  void put(std::string key, payload);
  void erase(std::string key);
  std::vector<std::pair<std::string, payload>> scan(const std::string& first,
                                                    const std::string& last,
                                                    std::size_t limit) const;

  // Brackets a turn: between `begin` and `end`, reads go to `entries`. The first missing entry is
  // stored in `missing` and thrown as entry_missing, and so is every later read of the turn.
  void begin(entry_source* entries, std::optional<need>* missing);
  void clear();  // the actor was erased in this turn
  void collect(std::vector<entry_write>&) const;
  void end();

 private:
  using writes = std::map<std::string, std::optional<payload>>;  // empty: erased
  [[noreturn]] void need_entry(const std::string& first, std::optional<std::string> last) const;
  void write(std::string key, std::optional<payload>);

  std::string name_;
  const payload_type& key_;
  const payload_type& value_;
  writes writes_;  // of this turn; on its own: everything
  entry_source* entries_ = nullptr;
  std::optional<need>* missing_ = nullptr;
  bool in_turn_ = false;
  bool cleared_ = false;
};

// Compile error for a read-only operation that writes.
template <class Never>
[[noreturn]] void refuse_edit() {
  static_assert(!std::is_void_v<Never>,
                "reprise: a const member function only reads: it cannot edit a state, nor put or "
                "erase an entry of a table");
}

// Thrown through user code when an entry is missing. Catching it has no effect: the need is recorded.
struct entry_missing {};

// Collects the durable members that are constructed on this thread during its life.
class construction {
 public:
  construction();
  ~construction();
  construction(const construction&) = delete;
  construction& operator=(const construction&) = delete;

  std::vector<state_member*> states;
  std::vector<table_member*> tables;

 private:
  construction* outer_;
};

}  // namespace reprise::internal
