// All that goes on in the background for as long as a node lives: what is old goes, and hosts that have
// nothing to do leave memory.
//
// Threads: any.

#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include "runtime/host/directory.hpp"
#include "runtime/service/sweeper.hpp"

namespace reprise::runtime {

class sweeps {
 public:
  explicit sweeps(engine&);

  void begin();  // a round of each; called now and then
  std::vector<sweep_figures> figures() const;

 private:
  void retire();   // ended instances
  void release();  // hosts, in jobs of their own
  void release_some(directory::who);

  // Whether the index of ended instances is known to be whole.
  enum class index_is : std::uint8_t { unknown, looked_for, whole };

  engine& engine_;
  sweeper keys_;
  std::vector<sweeper> ended_;
  std::atomic<index_is> index_{index_is::unknown};
  std::atomic<bool> releasing_{false};
};

}  // namespace reprise::runtime
