// What is due later, set by turns and by the node's own work. None fires early, and each fires once.
//
// Threads: any.

#pragma once

#include <cstdint>
#include <string>

#include "runtime/message/message.hpp"

namespace reprise::runtime {

class timers {
 public:
  // A timer whose record is part of the transition that is about to be published; `timer_due` of the
  // message says when. Delivered as it is when due. Void, as with the next two, when it depends on
  // what an epoch that is over has lost.
  virtual void set(message_ptr) = 0;
  // One without a record: it is always in memory, and gone with it.
  virtual void set_unrecorded(message_ptr) = 0;
  // The end of a step's back-off. Its record is the request, so it is always in memory.
  virtual void set_back_off(const std::string& instance, const generation&, std::uint64_t step,
                            time_point due, const horizon& depends) = 0;
  // Forgets it, if it did not fire yet. The record is erased by the caller's transition.
  virtual void cancel(const address& to, time_point due, const message_id&) = 0;

  // Work of the node's own, in memory only, on the thread that rings: it must not block.
  virtual void run_at(time_point due, job work) = 0;

 protected:
  ~timers() = default;
};

}  // namespace reprise::runtime
