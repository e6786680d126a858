// Does this program's code fit the histories in a data folder? Reads a folder that no process holds,
// replays what its instances went through against the code that is bound, and says where the two
// part. Nothing is written, no node is started, no activity runs.
//
//   auto book = reprise::history_book::open("shop.db");
//   auto found = (*book)->replay("order-1", app);   // "event 3: the history says ..., the code does ..."
//
// Threads: one at a time. Holds the folder's lock while it lives.

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runtime/node.hpp"

namespace reprise {

// What a replay found out about one instance.
struct replay_finding {
  std::string id;
  std::string orchestration;                       // empty when the header cannot be read
  instance_state state = instance_state::pending;  // as last committed
  std::uint64_t events = 0;                        // of the generation, all of them read
  std::vector<std::string> waits_for;  // an instance that goes on: what it waits for now
  std::optional<failure> misfit;       // diverged, unbound or corrupt; nothing: the code fits
};

// What an open says of the folder as a whole, in words for a person.
struct folder_findings {
  std::vector<std::string> misfits;  // all for which a node with this code refuses the folder
  std::vector<std::string> unbound;  // names stored that nobody binds: what is there waits
};

class history_book {
 public:
  // Failure: corrupt (the log is damaged), unavailable (no folder of ours, or a process holds it).
  static result<std::unique_ptr<history_book>> open(const std::string& folder);
  ~history_book();

  // The checks that an open makes before it runs anything: types against those that were stored, and
  // the records that no node can do without. cause::unavailable: the folder cannot be read.
  result<folder_findings> check(const application&);
  // cause::not_found: no such instance.
  result<replay_finding> replay(const std::string& id, const application&);
  // Every instance, by id. A damaged one is a finding, the rest go on.
  result<> replay_all(const application&, const std::function<void(const replay_finding&)>& found);

 private:
  class pages;
  explicit history_book(std::unique_ptr<pages>);
  std::unique_ptr<pages> pages_;
};

}  // namespace reprise
