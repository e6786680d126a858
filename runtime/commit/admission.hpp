// Who may go on, and who is refused: by the state of the node, the room on the disk, the memory in use.
//
// Threads: any.

#pragma once

#include <cstddef>

#include "actors/failure.hpp"

namespace reprise::runtime {

class host;

class admission {
 public:
  // Asked before each turn. False: the host is parked and will be woken.
  virtual bool may_run(host& asking) = 0;

  // Takes turns: neither starting, nor stopping, nor failed.
  virtual bool is_ready() const noexcept = 0;
  virtual bool is_full() const = 0;          // ready, and the disk takes no more
  virtual bool admits() const noexcept = 0;  // what comes from outside
  virtual failure refusal() const = 0;       // why not: overloaded, storage_full, unavailable

  // Hosts in memory have grown by so many bytes, or shrunk: above the limit those that rest leave.
  virtual void footprint(std::ptrdiff_t change) = 0;

 protected:
  ~admission() = default;
};

}  // namespace reprise::runtime
