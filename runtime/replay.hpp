// Checks whether this program's code fits the histories in a data folder. Reads a folder that no
// process holds, replays each instance's history against the bound code, and reports where the two
// diverge. Writes nothing, starts no node, runs no activity.
//
//   auto book = reprise::history_book::open("shop.db");
//   auto found = (*book)->replay("order-1", app);   // "event 3: the history says ..., the code does ..."
//
// Threads: one at a time. Holds the folder's lock during its lifetime.

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actors/application.hpp"
#include "runtime/instance_types.hpp"

namespace reprise {

// The result of replaying one instance.
struct replay_finding {
  std::string id;
  std::string orchestration;                       // empty if the header cannot be read
  instance_state state = instance_state::pending;  // as last committed
  std::uint64_t events = 0;                        // of this generation; all were read
  std::vector<std::string> waits_for;  // of an unfinished instance: what it waits for now
  std::optional<failure> misfit;       // diverged, unbound or corrupt; nullopt: the code fits
};

// The result of an open's checks on the whole folder, as text for people.
struct folder_findings {
  // Reasons for which a node with this code would refuse the folder.
  std::vector<std::string> misfits;
  // Stored names that the program does not bind: what is stored there waits.
  std::vector<std::string> unbound;
};

// An opened data folder whose histories can be replayed.
class history_book {
 public:
  // Opens the folder. Failure: corrupt (the log is damaged), unavailable (not a data folder, or a
  // process holds it).
  static result<std::unique_ptr<history_book>> open(const std::string& folder);
  ~history_book();

  // Runs the checks of an open: bound types against stored types, and the records that every node
  // needs. cause::unavailable: the folder cannot be read.
  result<folder_findings> check(const bindings&);
  // Replays one instance. cause::not_found: it does not exist.
  result<replay_finding> replay(const std::string& id, const bindings&);
  // Replays every instance, ordered by id. A damaged one is reported as a finding; the rest continue.
  result<> replay_all(const bindings&, const std::function<void(const replay_finding&)>& found);

 private:
  class pages;
  explicit history_book(std::unique_ptr<pages>);
  std::unique_ptr<pages> pages_;
};

}  // namespace reprise
