// Decides what may run and what is refused, by the node's state, the room on the disk and the memory in
// use.
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

  // True if the node takes turns: it is not starting, stopping or failed.
  virtual bool is_ready() const noexcept = 0;
  virtual bool is_full() const = 0;          // ready, but the disk is full
  virtual bool admits() const noexcept = 0;  // true: requests from outside are accepted
  virtual failure refusal() const = 0;  // why they are not: overloaded, storage_full, unavailable

  // Adds `change` bytes to the memory of hosts. Above the limit, idle hosts are passivated.
  virtual void footprint(std::ptrdiff_t change) = 0;

 protected:
  ~admission() = default;
};

}  // namespace reprise::runtime
