// What waits for one host: three lanes, lower ones first, a bounded number of bodies in memory.
//
// Over the bound a lane is spilled: a new durable message leaves only its position, its body is in
// the commit log until durable and in the messages table after. A spilled lane takes nothing
// directly any more; when its memory is empty it is loaded from the table, in key order, until a
// view that stands at or after the newest position it dropped has nothing left. Unlogged messages
// cannot be spilled: those from outside are refused, answers and results are always taken.
//
// What only a crowded or a locked one needs is behind a pointer: very many are empty.
//
// The ordinary lane is taken from others as a whole and then has no lock, as long as nothing comes that
// goes before it.
//
// Threads: `push` from any, what is about the table, `empty` and `drain` too; the rest from the host's
// strand. One lock.

#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "persistence/limits.hpp"
#include "runtime/message/fifo.hpp"
#include "runtime/message/message.hpp"

namespace reprise::runtime {

class mailbox {
 public:
  explicit mailbox(std::uint32_t bound = limits::mailbox_resident) : bound_(bound) {}

  // False: refused, the mailbox is full and the message comes from outside (it is left as it was).
  bool push(message_ptr& m);

  struct taken {
    message_ptr next;             // or:
    std::optional<lane> to_load;  // this lane comes next and its messages are in the table
  };
  taken take();
  // The run ends: what it has taken from others and not used waits again.
  void give_back();
  // What is at the head of the control lane, if it asks for nothing but records under the address: a host
  // takes it although it has not been activated.
  message_ptr take_upkeep();

  // Has the lane messages in the table that were recovered? Before the host takes anything.
  void spill(lane, position up_to);
  // The answer to a load of a lane that stood at `at`; `more`: the page was cut.
  void loaded(lane, position at, bool more, std::vector<message_ptr> messages);
  // The position a view must reach to see all that the lane has dropped.
  position mark(lane) const;

  // While the actor is held by a critical section, what is not of that section waits: the ordinary
  // lane is not taken, timers that fire are set aside, but for those of the control lane. They go on, in
  // order, when it is open again.
  void shut();
  void open();

  // May a message that fulfils this be waiting in the lane? What is in the table counts as one.
  bool may_hold(lane, const std::function<bool(const message&)>&);

  bool empty() const;  // nothing in memory, nothing spilled; in a run: that is not near
  std::vector<message_ptr> drain();  // what memory holds, when the host is dropped

  // What somebody outside waits for; what is from inside stays, in its order.
  bool holds_outside();
  std::vector<message_ptr> take_outside();

 private:
  struct seldom_used {
    std::array<bool, lane_count> spilled{};
    std::array<position, lane_count> marks{};
    fifo<message> aside;  // timers that fired while it was shut
  };
  // Under mutex_:
  bool spilled(std::size_t l) const noexcept { return seldom_ && seldom_->spilled[l]; }
  seldom_used& seldom();
  void spill_to(std::size_t l, position up_to);
  void put_back() { lanes_[static_cast<std::size_t>(lane::ordinary)].prepend(near_); }
  message_ptr take_near();  // without it

  mutable std::mutex mutex_;
  std::array<fifo<message>, lane_count> lanes_;
  std::unique_ptr<seldom_used> seldom_;
  std::uint32_t bodies_ = 0;  // and those that were near and are taken
  const std::uint32_t bound_;
  std::atomic<std::uint32_t> near_taken_{0};  // written by the strand
  bool shut_ = false;
  std::atomic<bool> hurry_{false};  // something goes before what is near
  fifo<message> near_;  // of the ordinary lane, before what is there: the strand's, while it runs
};

}  // namespace reprise::runtime
