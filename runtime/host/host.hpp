// Base of actor_host and instance_host: activates one address and handles its mailbox one message at a
// time.
//
// A woken host takes messages from its mailbox and runs turns. Records that it lacks it loads
// asynchronously and continues when they arrive, so that no thread ever waits. Its horizon is the
// newest position it depends on: what it sends out of the node waits until that is durable.
//
// Very many hosts rest in memory, so members that few need are behind a pointer.
//
// Threads: `run` and everything protected belong to the strand; the public rest may be called from any
// thread.

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
  std::shared_ptr<strand> rouse();  // see strand::rouse
  void want();                      // wake and activate, even without a message
  void try_again();                 // ends a rest: reads again what could not be read
  mailbox& box() noexcept { return box_; }
  const address& self() const noexcept { return self_; }
  std::shared_ptr<host> shared() { return std::static_pointer_cast<host>(shared_from_this()); }

  // True if no turn ran since the last call.
  bool rested() noexcept { return !used_.exchange(false); }
  // True if keeping it in memory gains nothing: it is not activated, or its instance has ended.
  bool is_spent() const noexcept { return spent_; }
  // Ends the host if it has nothing to do and nothing that is not durable. Call with the shard's lock
  // held.
  bool retire_if_quiet();
  // Ends the host at once; callers outside that wait are answered with `why`.
  void drop(const failure& why);

 protected:
  // Loads what the first turn needs, then calls `activated`.
  virtual void activate() = 0;
  // Handles one message: ends in a transition that consumes it or in an answer without one, or keeps it
  // for a load or for `rest`.
  virtual void handle(message_ptr) = 0;
  // True for a message that even a quarantined host handles, as it touches none of the damaged records.
  virtual bool handles_quarantined(const message&) const { return false; }
  // Called when there is nothing to take.
  virtual void idle() {}
  // For an activated host: true if its instance has ended.
  virtual bool has_ended() const { return false; }
  // Commits what turns held back to be committed together. Called before a lane is read from its table,
  // after a long turn, and before the run ends.
  virtual void settle() {}
  void activated() {
    if (phase_ != phase::quarantined) phase_ = phase::serving;
  }
  void deactivated() { phase_ = phase::cold; }
  // Marks the stored records as damaged: every message is answered with this, and the records stay
  // untouched.
  void quarantine(std::string text);
  // Pauses the host after a failed read that does not prove damage. Callers outside are answered
  // `unavailable`; other messages wait behind `back`, the one that needed the read. The next message
  // from outside tries again, and so does a timer.
  void rest(const persistence::fault&, message_ptr back = {});

  // Loads asynchronously; `done` runs on the strand. The view stands at `not_before` or later. While a
  // `blocking` load is outstanding no message is taken.
  enum class while_loading : std::uint8_t { blocking, others_go_on };
  void load(persistence::load_request, while_loading, callback<persistence::load_answer> done,
            const runtime::horizon& not_before = {});
  // Answers a message with a failure; writes nothing but its consumption.
  void refuse(message_ptr, const failure&);
  // The same for an actor that was set aside: a durable message becomes a dead letter.
  void set_aside(message_ptr, const failure&);
  bool loading() const noexcept { return loads_ > 0; }
  // Node time, as of the start of this run or its last turn.
  time_point now();

  void depend_on(const runtime::horizon& h) {
    assert(h.at == 0 || h.epoch == epoch_);
    if (h.at > horizon_) horizon_ = h.at;
  }
  runtime::horizon horizon() const noexcept { return {epoch_, horizon_}; }

  // Takes a ticket; false if the log has restarted: this host is over.
  bool begin(transition&);
  void answer(message&, result<payload>);  // answers a caller outside after a turn without writes
  // Sets the bytes of this object and what it owns; the directory node and the text of the key are
  // added.
  void set_footprint(std::size_t bytes);

 private:
  enum class phase : std::uint8_t { cold, activating, serving, quarantined };
  // Declared first, as they fit into the padding after strand's members.
  std::atomic<phase> phase_{phase::cold};  // also read by retire_if_quiet
  std::atomic<bool> used_{true};
  std::atomic<bool> wanted_{false};
  std::atomic<bool> spent_{false};
  std::atomic<bool> holds_back_{false};  // rests, or keeps a message that is in no mailbox
  std::atomic<bool> to_try_again_{false};
  bool resting_ = false;  // until it tries again
  bool lane_loading_ = false;

 protected:
  turn_services& services_;
  const address self_;
  const std::uint64_t epoch_;

 private:
  void run() final;

  bool is_over() const noexcept { return runs_ == over; }
  // For the log; empty for an actor.
  std::string_view instance_id() const noexcept {
    return self_.kind == address_kind::instance ? std::string_view(self_.key) : std::string_view();
  }
  // The answer to a load, waiting to be used on the strand.
  struct arrival {
    callback<persistence::load_answer> done;
    persistence::load_answer answer;
    while_loading how;
    arrival* next;
  };
  bool has_arrived() const noexcept { return arrived_.load() != nullptr; }
  arrival* take_arrived();  // the caller owns each of them
  bool use_arrived();
  bool take_one();
  void turn(message_ptr, time_point began);
  bool is_visited();
  bool is_resting();
  void turn_away(const failure&);  // answers waiting callers outside; nothing was done for them
  void forget_keys(message_ptr);   // deletes expired idempotency keys
  void load_lane(lane);
  void lane_loaded(lane, persistence::load_answer);

  mailbox box_;
  std::unique_ptr<const failure> quarantined_;
  std::atomic<position> horizon_{0};  // in the epoch of this host
  // Odd during a run; `over` is final. See run and retire_if_quiet.
  static constexpr std::uint64_t over = ~std::uint64_t{0};
  std::atomic<std::uint64_t> runs_{0};
  message_ptr put_back_;  // taken but not handled: a read must come first
  record_name in_hand_;   // the current turn's message; none: an activation
  std::size_t footprint_ = 0;
  time_point looked_{};  // clock at the start of this run, or at the end of its last turn
  duration took_{};      // duration of the last turn

  std::atomic<arrival*> arrived_{nullptr};  // newest first
  std::atomic<std::thread::id> runs_on_{};  // set during a run
  std::atomic<int> loads_{0};               // outstanding, or arrived and not used
  int blocking_loads_ = 0;
  unsigned rests_ = 0;  // since the last successful read
};

}  // namespace reprise::runtime
