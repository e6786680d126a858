// Hosts one actor: loads its state, runs one operation at a time, commits what it changed.
//
// A turn that needs a record which is not loaded runs again from its beginning after the load, with the
// same message and time; the host takes no other message meanwhile.

#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actors/actor/actor_object.hpp"
#include "actors/application.hpp"
#include "runtime/commit/dedup.hpp"
#include "runtime/commit/uncommitted_writes.hpp"
#include "runtime/host/host.hpp"

namespace reprise::runtime {

class actor_host final : public host, private internal::entry_source {
 public:
  actor_host(turn_services&, address, std::uint64_t epoch);

 private:
  void activate() override;
  void handle(message_ptr) override;

  // Critical sections (actor_lock.cpp).
  bool handles_quarantined(const message&) const override;
  void idle() override;
  void lock(message&);
  void unlock(message&, const unlock_body&);  // a repeated one is answered from its idempotency key
  bool out_of_section(const message&) const;
  void keep(transition&, records::lock);

  void damaged(const std::string& what);  // quarantines, and answers the current turn's caller
  // The failed read may succeed later: the interrupted work is started again then.
  void unread(const std::string& what, const persistence::fault&);
  void run_turn();  // runs turn_
  void end_turn(internal::turn_result&);
  void end_unrecorded(message& asked, internal::turn_result&);
  message_id unrecorded_id();
  span turn_told(const message& asked, const result<payload>& answer) const;
  // The current turn's writes by key; nullopt: an erasure.
  using written = std::vector<std::pair<std::string, std::optional<std::string>>>;
  written put_turn(transition&, internal::turn_result&);
  written write(transition&, internal::turn_result&);
  void send(transition&, internal::emission&);
  void keep(const transition&, const internal::turn_result&, written);
  internal::turn_result outcome();                     // the result of turn_
  internal::turn_result called();                      // the result of its operation
  std::optional<failure> unmet(const message&) const;  // why the precondition does not hold
  void load_missing(const internal::need&);

  // What the turn reads: own writes merged over what was loaded for it.
  std::optional<slot> find(const std::string& table, const std::string& key) override;
  std::optional<page> scan(const std::string& table, const std::string& first,
                           const std::string& last, std::size_t limit) override;

  struct loaded_page {
    position at = 0;
    std::size_t limit = 0;
    std::vector<std::pair<std::string, std::string>> entries;
    bool more = false;
  };
  struct loaded_value {
    position at = 0;
    std::optional<std::string> value;
  };

  // The turn in progress (a call, or an erase from outside) and the records loaded for it.
  struct turn {
    turn(message_ptr m, time_point at) : asked(std::move(m)), now(at) {}

    message_ptr asked;
    const bound_operation* operation = nullptr;
    time_point now;
    dedup_finding once;
    std::size_t loads = 0;
    std::map<std::string, loaded_value> values;                        // by key
    std::map<std::pair<std::string, std::string>, loaded_page> pages;  // by first and last key

    bool erases() const noexcept { return std::holds_alternative<erase_body>(asked->body); }
    // True if it can have an effect, which then happens once per key.
    bool may_write() const noexcept { return erases() || (operation && !operation->read_only); }
  };

  const bound_actor* binding_;
  std::unique_ptr<internal::actor_object> object_;
  std::unique_ptr<turn> turn_;    // null: no turn is in progress
  std::size_t wanted_limit_ = 0;  // limit of the scan that was missing
  uncommitted_writes own_;
  std::uint64_t next_id_ = 0;  // next id for messages without a record, see outside_ids::at_once
  bool locked_ = false;        // it has a lock record
  bool recorded_ = false;      // it has an actor record
};

}  // namespace reprise::runtime
