// What travels between hosts: a request with the address it goes to, in memory.
//
// A durable message has a record in the messages table until the transition that consumes it. An
// unlogged one (a read-only call and its answer, an activity's result, everything from outside) has
// none: it is lost in a crash and made again by whoever is still waiting.

#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "actors/failure.hpp"
#include "actors/orchestration/history.hpp"
#include "actors/payload.hpp"
#include "actors/request.hpp"
#include "persistence/store.hpp"
#include "runtime/exec/callback.hpp"
#include "runtime/message/horizon.hpp"
#include "runtime/message/sparse.hpp"
#include "runtime/precondition.hpp"
#include "runtime/trace_context.hpp"

namespace reprise::runtime {

using internal::generation;

// Names a message for ever: the transition that emitted it. From outside: term 0, the node's boot
// nonce, and a counter.
struct message_id {
  std::uint64_t term = 0;
  position at = 0;
  std::uint64_t index = 0;
  friend auto operator<=>(const message_id&, const message_id&) = default;
};

// Lower lanes are taken first. Part of the key on disk: never renumber.
enum class lane : std::uint8_t { control = 0, answers = 1, ordinary = 2 };
inline constexpr std::size_t lane_count = 3;

// Who waits for an answer: a step of an instance.
struct reply_to {
  std::string instance;
  internal::generation generation;
  std::uint64_t step = 0;
  std::uint32_t attempt = 1;  // of the step
  std::uint32_t round = 0;    // which rewind asked for the step anew; 0: none
  // Who waits is the step, whatever the attempt.
  friend bool operator==(const reply_to& a, const reply_to& b) {
    return a.instance == b.instance && a.generation == b.generation && a.step == b.step;
  }
};

struct call_body {
  std::string operation;
  payload input;
};
struct start_body {
  std::string orchestration;
  payload input;
  id_reuse reuse = id_reuse::of_ended;
  time_point due{};  // not before; the epoch: at once
};
struct answer_body {  // to a step of an instance, from an actor, an activity or the engine
  internal::generation generation;
  std::uint64_t step = 0;
  result<payload> outcome = payload{};
  std::uint32_t attempt = 1;
  time_point began{};  // of an activity, on its thread; not stored: such an answer has no record
  std::uint32_t round = 0;  // in which it was asked for: one of an earlier round is late
};
struct raised_body {
  std::string event;
  payload value;
};
struct terminate_body {
  std::string reason;
  bool recursive = false;  // children too
};
struct suspend_body {
  std::string reason;
};
struct resume_body {
  std::string reason;
};
struct rewind_body {
  std::string reason;
  // From a parent: what it asked for, to be begun when the child is not there any more.
  std::string orchestration{};
  payload input{};
  // From a parent that looks before it leaps: nothing is done, only said. Not stored.
  std::optional<reply_to> tried_for{};
  bool tried = false;  // its children have been asked so, and not all refused; not stored
};
struct restart_body {  // to the one that begins
  std::string from;    // whose orchestration, version and input it has; may be its own id
};
struct purge_body {
  bool recursive = false;                      // children too
  std::optional<internal::generation> only{};  // of a sweep, which saw this one; not stored
};
struct lock_body {};  // to an actor; answered when the asking step of an instance holds it
struct unlock_body {
  reply_to holder;      // the lock step; it may have been asked for and not be reached yet
  bool forced = false;  // by an operator: whoever holds it
};
struct retire_body {  // to an instance that the index says ended so, then: it is purged
  std::uint8_t state = 0;
  time_point ended{};
};
struct expire_body {  // to whoever has idempotency keys that grew old: their ages, as in the store
  std::vector<std::string> ages;
};
struct erase_body {};  // to an actor: it goes, with its entries
struct fired_body {    // a timer of a step, or the end of its back-off; never stored as a message
  internal::generation generation;
  std::uint64_t step = 0;
};

// A key under which an effect from outside happens once.
struct once {
  std::string hash;  // 16 bytes, of principal and key
  std::uint64_t body = 0;
};

// How a caller from outside hears of the end, exactly once: when what it says is durable, or, if
// nobody ever says anything, when this is destroyed with its host or its transition.
class outside {
 public:
  outside() = default;
  outside(callback<result<payload>> tell) : tell_(std::move(tell)) {}
  outside(outside&& other) noexcept
      : tell_(std::move(other.tell_)), unanswered_(other.unanswered_) {}
  outside& operator=(outside&& other) noexcept {
    std::swap(tell_, other.tell_);
    std::swap(unanswered_, other.unanswered_);
    return *this;
  }
  ~outside() {
    if (tell_) (*this)(failure{unanswered_, "the node stopped before it could answer", true});
  }

  explicit operator bool() const noexcept { return static_cast<bool>(tell_); }
  void operator()(result<payload> answer) {
    auto tell = std::move(tell_);
    tell(std::move(answer));
  }
  // From here on the effect may be on the disk: silence no longer means that it was not applied.
  void in_the_log() noexcept { unanswered_ = cause::unknown_outcome; }

 private:
  callback<result<payload>> tell_;
  cause unanswered_ = cause::unavailable;
};

using message_body =
    std::variant<call_body, start_body, answer_body, raised_body, terminate_body, fired_body,
                 suspend_body, resume_body, rewind_body, restart_body, purge_body, lock_body,
                 unlock_body, erase_body, retire_body, expire_body>;

// One thread writes it and another reads it: what all have comes first, in as few cache lines as it fits;
// what few have is behind a pointer.
struct message {
  message() {}  // not defaulted: make_unique would zero all of it before

  std::unique_ptr<message> next;  // in its mailbox
  message_id id;
  runtime::lane lane = runtime::lane::ordinary;
  bool durable = false;  // has a record in the messages table
  bool from_timer = false;
  time_point sent{};
  runtime::horizon horizon{};  // what must be durable before an effect of this may leave the node
  address to;
  address sender;          // key empty: outside
  time_point timer_due{};  // of a `tell` with a due time: its record is in the timers table instead
  sparse<reply_to> reply;
  sparse<runtime::once> once;
  std::unique_ptr<const precondition> only_if;  // none: it is carried out in any case
  outside done;
  message_body body;
  trace_context trace{};  // what it belongs to, and the span that sent it
};

using message_ptr = std::unique_ptr<message>;

// Of a message on its own; a call inside a critical section goes with the answers.
inline lane lane_of(const message& m) noexcept {
  struct of {
    const message& m;
    lane operator()(const start_body&) const { return lane::control; }
    lane operator()(const terminate_body&) const { return lane::control; }
    lane operator()(const suspend_body&) const { return lane::control; }
    lane operator()(const resume_body&) const { return lane::control; }
    lane operator()(const rewind_body&) const { return lane::control; }
    lane operator()(const restart_body&) const { return lane::control; }
    lane operator()(const purge_body&) const { return lane::control; }
    lane operator()(const unlock_body&) const { return lane::control; }
    lane operator()(const retire_body&) const { return lane::control; }
    lane operator()(const expire_body&) const { return lane::control; }
    lane operator()(const answer_body&) const { return lane::answers; }
    lane operator()(const fired_body&) const { return lane::answers; }
    lane operator()(const call_body&) const { return rest(); }
    lane operator()(const raised_body&) const { return rest(); }
    lane operator()(const lock_body&) const { return rest(); }
    lane operator()(const erase_body&) const { return rest(); }
    lane rest() const { return m.from_timer ? lane::answers : lane::ordinary; }
  };
  return std::visit(of{m}, m.body);
}

}  // namespace reprise::runtime
