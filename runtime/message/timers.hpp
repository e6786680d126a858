// Interface for what is due later, set by turns and by the node's own work. No timer fires early, and
// each fires once.
//
// Threads: any.

#pragma once

#include <cstdint>
#include <string>

#include "runtime/message/message.hpp"

namespace reprise::runtime {

class timers {
 public:
  // Sets a timer whose record is part of the transition that is about to be published: the message is
  // delivered unchanged at its `timer_due`. Ignored, like the next two, if the message depends on an
  // epoch that was lost.
  virtual void set(message_ptr) = 0;
  // Sets a timer without a record: it stays in memory, and a crash loses it.
  virtual void set_unrecorded(message_ptr) = 0;
  // Sets the end of a step's back-off. The request is its record, so the timer stays in memory.
  virtual void set_back_off(const std::string& instance, const generation&, std::uint64_t step,
                            time_point due, const horizon& depends) = 0;
  // Removes a timer that has not fired yet. The caller's transition erases the record.
  virtual void cancel(const address& to, time_point due, const message_id&) = 0;

  // Runs work of the node itself at `due`, from memory only, on the timer thread: it must not block.
  virtual void run_at(time_point due, job work) = 0;

 protected:
  ~timers() = default;
};

}  // namespace reprise::runtime
