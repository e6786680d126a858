// Background work during a node's lifetime: deletes what has expired, and passivates hosts that have
// nothing to do.
//
// Threads: any.

#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <vector>

#include "runtime/host/directory.hpp"
#include "runtime/options.hpp"
#include "runtime/service/sweeper.hpp"

namespace reprise::runtime {

class sweeps {
 public:
  struct bounds {
    std::size_t hosts = 0;  // in memory; above it, idle ones are passivated
    reprise::retention retention{};
  };
  sweeps(turn_services&, directory&, const bounds&);

  void begin();  // starts a round of each; called now and then
  std::vector<sweep_figures> figures() const;

 private:
  void retire();   // ended instances
  void release();  // passivates hosts, in jobs of its own
  void release_some(directory::who);

  // Whether the index of ended instances is complete.
  enum class index_is : std::uint8_t { unknown, looked_for, whole };

  turn_services& services_;
  directory& hosts_;
  const std::size_t most_hosts_;
  sweeper keys_;
  std::vector<sweeper> ended_;
  std::atomic<index_is> index_{index_is::unknown};
  std::atomic<bool> releasing_{false};
};

}  // namespace reprise::runtime
