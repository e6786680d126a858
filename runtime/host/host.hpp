// One address, one message at a time: what actors' and instances' hosts share.
//
// A host is woken, takes what its mailbox gives, and runs turns; what it does not have it asks for
// and goes on when the answer is there, so that no thread ever waits. It knows the newest position
// it depends on, its horizon: what leaves the node on its behalf waits until that is durable.
//
// Very many rest in memory: a member that few need is behind a pointer.
//
// Threads: `run` and all that is protected belong to the strand; the public rest may be called from
// any.

#pragma once

#include <atomic>
#include <cassert>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "persistence/store.hpp"
#include "runtime/crash/crash_slate.hpp"
#include "runtime/exec/executor.hpp"
#include "runtime/message/horizon.hpp"
#include "runtime/message/mailbox.hpp"
#include "runtime/message/message.hpp"

namespace reprise::runtime {

class transition;
struct turn_services;

class host : public strand {
 public:
  host(turn_services&, address, std::uint64_t epoch);
  ~host() override;

  void wake();
  std::shared_ptr<strand> rouse();  // half of it: see strand
  void want();                      // and be activated, whether or not anything came
  void try_again();                 // what could not be read
  mailbox& box() noexcept { return box_; }
  const address& self() const noexcept { return self_; }
  std::shared_ptr<host> shared() { return std::static_pointer_cast<host>(shared_from_this()); }

  // True when no turn ran since the last call.
  bool rested() noexcept { return !used_.exchange(false); }
  // True while memory holds nothing of it that a read would not bring back for less.
  bool is_spent() const noexcept { return spent_; }
  // Ends the host when it has nothing to do and nothing that is not durable. Under its shard's
  // lock.
  bool retire_if_quiet();
  // Ends the host at once; what waits from outside is answered with `why`.
  void drop(const failure& why);

 protected:
  // Asks for what is needed before the first turn; calls `activated` when it is there.
  virtual void activate() = 0;
  // One message. Ends in one transition that consumes it, or calls `later` and keeps it.
  virtual void handle(message_ptr) = 0;
  // What a quarantined host handles all the same: it touches none of the damaged records.
  virtual bool handles_quarantined(const message&) const { return false; }
  // Nothing is there to be taken now.
  virtual void idle() {}
  // Of one that is activated: has it ended?
  virtual bool has_ended() const { return false; }
  // Commits what turns left to be committed together: before a lane is read from its table, after a turn
  // that took long, and before the run ends.
  virtual void settle() {}
  void activated() {
    if (phase_ != phase::quarantined) phase_ = phase::serving;
  }
  void deactivated() { phase_ = phase::cold; }
  // Its stored records are damaged: it answers everything with this and touches none of them.
  void quarantine(std::string text);
  // What was asked for could not be read, and is not known to be damaged. Who waits from outside is told
  // `unavailable`; the rest waits, behind `back`, the message that it was read for. It is tried again
  // with the next that comes from outside, and after a while.
  void rest(const persistence::fault&, message_ptr back = {});

  // Off this strand; `done` runs on it. While a load with `blocking` is out, no message is taken.
  // The view stands at `not_before` or later.
  enum class while_loading : std::uint8_t { blocking, others_go_on };
  void load(persistence::load_request, while_loading, callback<persistence::load_answer> done,
            const runtime::horizon& not_before = {});
  // Answers a message with a failure and writes nothing but its consumption.
  void refuse(message_ptr, const failure&);
  // The same of an actor that was set aside: what is durable becomes a dead letter.
  void set_aside(message_ptr, const failure&);
  bool loading() const noexcept { return loads_ > 0; }
  // Node time, as this run or its last turn left the clock.
  time_point now();

  void depend_on(const runtime::horizon& h) {
    assert(h.at == 0 || h.epoch == epoch_);
    if (h.at > horizon_) horizon_ = h.at;
  }
  runtime::horizon horizon() const noexcept { return {epoch_, horizon_}; }

  // Takes a ticket; false when the node has started anew meanwhile: this host is over.
  bool begin(transition&);
  void answer(message&, result<payload>);  // outside, of something that wrote nothing
  // Bytes of it and of what it owns; its place in the directory and the text of its key are added.
  void set_footprint(std::size_t bytes);

 private:
  enum class phase : std::uint8_t { cold, activating, serving, quarantined };
  // Here because they fit behind what a strand has.
  std::atomic<phase> phase_{phase::cold};  // also read by retire_if_quiet
  std::atomic<bool> used_{true};
  std::atomic<bool> wanted_{false};
  std::atomic<bool> spent_{false};
  std::atomic<bool> holds_back_{false};  // a message that is in no mailbox, or it rests
  std::atomic<bool> to_try_again_{false};
  bool resting_ = false;  // until it is tried again
  bool lane_loading_ = false;

 protected:
  turn_services& services_;
  const address self_;
  const std::uint64_t epoch_;

 private:
  void run() final;

  bool is_over() const noexcept { return runs_ == over; }
  // For the log: empty when it is an actor.
  std::string_view instance_id() const noexcept {
    return self_.kind == address_kind::instance ? std::string_view(self_.key) : std::string_view();
  }
  // The answer to a load, to be used on the strand.
  struct arrival {
    callback<persistence::load_answer> done;
    persistence::load_answer answer;
    while_loading how;
    arrival* next;
  };
  bool has_arrived() const noexcept { return arrived_.load() != nullptr; }
  arrival* take_arrived();  // the caller's, each of them
  bool use_arrived();
  bool take_one();
  void turn(message_ptr, time_point began);
  bool is_visited();
  bool is_resting();
  void turn_away(const failure&);  // who waits from outside: nothing was done for them
  void forget_keys(message_ptr);   // idempotency keys that grew old
  void load_lane(lane);
  void lane_loaded(lane, persistence::load_answer);

  mailbox box_;
  std::unique_ptr<const failure> quarantined_;
  std::atomic<position> horizon_{0};  // in the epoch of this host
  // Odd while a run is under way, `over` for ever: see run and retire_if_quiet.
  static constexpr std::uint64_t over = ~std::uint64_t{0};
  std::atomic<std::uint64_t> runs_{0};
  message_ptr put_back_;  // taken, not handled: what it needs was to be read, or read again, before
  record_name in_hand_;   // the message of the turn under way; none: an activation
  std::size_t footprint_ = 0;
  time_point looked_{};  // at the clock: when this run began, or its last turn ended
  duration took_{};      // the last turn

  std::atomic<arrival*> arrived_{nullptr};  // the last one first
  std::atomic<std::thread::id> runs_on_{};  // while running
  std::atomic<int> loads_{0};               // out, or arrived and not run
  int blocking_loads_ = 0;
  unsigned rests_ = 0;  // since something was read to its end
};

}  // namespace reprise::runtime
