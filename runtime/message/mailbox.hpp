// The messages that wait for one host: three lanes, lower ones first, with a limit on bodies in memory.
//
// Above the limit a lane is spilled: a new durable message leaves only its position, as its body is in
// the commit log until it is durable and in the messages table afterwards. A spilled lane accepts
// nothing directly. When its memory is empty it is loaded from the table, in key order, until a view at
// or after the newest dropped position has nothing left. Unlogged messages cannot be spilled: those
// from outside are refused, answers and results are always accepted.
//
// State that only a crowded or a locked mailbox needs is behind a pointer, as most mailboxes are empty.
//
// The host takes the ordinary lane as a whole ("near") and then needs no lock, as long as nothing
// arrives that goes before it.
//
// Threads: `push`, `empty`, `drain` and the functions about the table from any; the rest from the
// host's strand. One lock.

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

  // False: refused, because the mailbox is full and the message is from outside (`m` is unchanged).
  bool push(message_ptr& m);

  struct taken {
    message_ptr next;             // or:
    std::optional<lane> to_load;  // this lane is next, and its messages are in the table
  };
  taken take();
  // At the end of a run: returns near messages that were not used.
  void give_back();
  // Takes the first message of the control lane if it only concerns records of the address: a host
  // handles it without being activated.
  message_ptr take_upkeep();

  // Marks the lane as having recovered messages in the table up to `up_to`. Call before the first
  // take().
  void spill(lane, position up_to);
  // Adds the result of loading a lane from a view at position `at`; `more`: the page was cut.
  void loaded(lane, position at, bool more, std::vector<message_ptr> messages);
  // Returns the position that a view must reach to contain everything the lane has dropped.
  position mark(lane) const;

  // While a critical section holds the actor, messages that are not part of it wait: the ordinary lane
  // is not taken, and fired timers outside the control lane are set aside. After `open` they continue
  // in order.
  void shut();
  void open();

  // True if the lane may hold a message that matches. Messages in the table count as matches.
  bool may_hold(lane, const std::function<bool(const message&)>&);

  bool empty() const;  // nothing in memory or spilled; does not count what a run has near
  std::vector<message_ptr> drain();  // all messages in memory, when the host is dropped

  // Messages that a caller outside waits for. The others stay, in order.
  bool holds_outside();
  std::vector<message_ptr> take_outside();

 private:
  struct seldom_used {
    std::array<bool, lane_count> spilled{};
    std::array<position, lane_count> marks{};
    fifo<message> aside;  // timers that fired while shut
  };
  // Call with mutex_ held:
  bool spilled(std::size_t l) const noexcept { return seldom_ && seldom_->spilled[l]; }
  seldom_used& seldom();
  void spill_to(std::size_t l, position up_to);
  void put_back() { lanes_[static_cast<std::size_t>(lane::ordinary)].prepend(near_); }
  message_ptr take_near();  // without mutex_

  mutable std::mutex mutex_;
  std::array<fifo<message>, lane_count> lanes_;
  std::unique_ptr<seldom_used> seldom_;
  std::uint32_t bodies_ = 0;  // in memory, including near ones already taken
  const std::uint32_t bound_;
  std::atomic<std::uint32_t> near_taken_{0};  // written by the strand only
  bool shut_ = false;
  std::atomic<bool> hurry_{false};  // something goes before the near messages
  fifo<message> near_;              // head of the ordinary lane; owned by the strand during a run
};

}  // namespace reprise::runtime
