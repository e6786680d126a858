// The only way from one address to another. Messages from one turn to one address arrive in order.
//
// Threads: any.

#pragma once

#include <cstdint>

#include "runtime/message/message.hpp"

namespace reprise::runtime {

class router {
 public:
  // Sends a message of a turn that ran in this epoch of the log. If the log has restarted since, the
  // turn never happened and the message is dropped.
  virtual void send(message_ptr, std::uint64_t epoch) = 0;
  // Delivers a message from outside of turns: from a caller, a timer, an activity. Drops it while the
  // node is not ready. If the mailbox is full, a waiting caller is refused through `done`.
  virtual void deliver(message_ptr) = 0;
  // Notes that the address has nothing to do for now and may leave memory.
  virtual void release(const address&) = 0;

 protected:
  ~router() = default;
};

}  // namespace reprise::runtime
