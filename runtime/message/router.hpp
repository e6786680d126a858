// The only way from one address to another. What is sent in one turn to one address comes in its order.
//
// Threads: any.

#pragma once

#include <cstdint>

#include "runtime/message/message.hpp"

namespace reprise::runtime {

class router {
 public:
  // From a turn of this epoch of the log. Once the log has started anew that turn never happened, and
  // the message is dropped.
  virtual void send(message_ptr, std::uint64_t epoch) = 0;
  // From outside of turns: a caller, a timer, an activity. While the node is not ready it is dropped; who
  // waits outside and finds the mailbox full is refused through `done`.
  virtual void deliver(message_ptr) = 0;
  // Nothing is to be done at this address for now: it may leave memory.
  virtual void release(const address&) = 0;

 protected:
  ~router() = default;
};

}  // namespace reprise::runtime
