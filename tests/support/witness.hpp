// Compares the ledger of the examples' activities (a file outside the store) with the histories, so
// that an engine that restarts from scratch and reaches the same end is detected.
//
//   witness saw;                 // from now on REPRISE_LEDGER names its file
//   w.crash(); saw.killed(); w.open(); saw.look(w);
//   for (auto& wrong : saw.complaints(w)) BOOST_ERROR(wrong);

#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/support/world.hpp"

namespace reprise::testing {

class witness {
 public:
  witness();
  ~witness();
  witness(const witness&) = delete;
  witness& operator=(const witness&) = delete;

  void killed() { ends_.push_back(lines_written()); }
  // Call after a reopen: steps that the histories show as done must not run again.
  void look(world&);
  // Registers an instance whose earlier generations were replaced, so that their steps are in no history.
  void replaced(const std::string& instance) { replaced_.insert(instance); }

  // Allows an attempt to run twice in one process: a group that was not written loses results in memory.
  void forgive_repeats() { repeats_ = true; }

  // Returns what is wrong, one sentence each: an attempt without a step, a step answered without an attempt,
  // an attempt made twice by one process, a step that ran again after a kill that found it done.
  std::vector<std::string> complaints(world&) const;

  std::size_t lines_written() const;

 private:
  struct line {
    std::string activity, id;
    unsigned attempt = 0;
    std::size_t process = 0;
  };
  std::vector<line> read() const;

  std::filesystem::path file_;
  std::vector<std::size_t> ends_;               // where each process ended, in lines
  std::map<std::string, std::size_t> done_by_;  // step id: the first process that found it done
  std::set<std::string> replaced_;
  bool repeats_ = false;
};

}  // namespace reprise::testing
