// A message between hosts, in memory: a request and the address it goes to.
//
// A durable message has a record in the messages table until the transition that consumes it. An
// unlogged one (a read-only call and its answer, an activity's result, everything from outside) has no
// record: a crash loses it, and whoever still waits for its effect sends it again.

#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "actors/failure.hpp"
#include "actors/history.hpp"
#include "actors/payload.hpp"
#include "actors/request.hpp"
#include "persistence/store.hpp"
#include "runtime/exec/callback.hpp"
#include "runtime/message/horizon.hpp"
#include "runtime/message/sparse.hpp"
#include "runtime/precondition.hpp"
#include "runtime/trace_context.hpp"

namespace reprise::runtime {

// Unique id of a message: term and position of the transition that sent it, and an index. From outside:
// term 0, the nonce of this boot, and a counter.
struct message_id {
  std::uint64_t term = 0;
  position at = 0;
  std::uint64_t index = 0;
  friend auto operator<=>(const message_id&, const message_id&) = default;
};

// Lower lanes are taken first. Part of the key on disk: never renumber.
enum class lane : std::uint8_t { control = 0, answers = 1, ordinary = 2 };
inline constexpr std::size_t lane_count = 3;

// The waiting side of an answer: a step of an instance.
struct reply_to {
  std::string instance;
  reprise::generation generation;
  std::uint64_t step = 0;
  std::uint32_t attempt = 1;  // of the step
  std::uint32_t round = 0;    // the rewind that requested the step again; 0: none
  // Equal if the same step waits, whatever the attempt and round.
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
  time_point due{};  // earliest start; the epoch: at once
};
struct answer_body {  // to a step of an instance, from an actor, an activity or the node itself
  reprise::generation generation;
  std::uint64_t step = 0;
  result<payload> outcome = payload{};
  std::uint32_t attempt = 1;
  // When the activity began on its thread; not stored, as such an answer has no record.
  time_point began{};
  // The round it was requested in; an answer of an earlier round is dropped.
  std::uint32_t round = 0;
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
  // From a parent: the child's orchestration and input, to start it if the child no longer exists.
  std::string orchestration{};
  payload input{};
  // From a parent's dry run: nothing is rewound, only the possible outcome is answered. Not stored.
  std::optional<reply_to> tried_for{};
  // Its children were asked in a dry run, and some would be rewound; not stored.
  bool tried = false;
};
struct restart_body {  // to the new instance
  // The instance whose orchestration, version and input it copies; may be its own id.
  std::string from;
};
struct purge_body {
  bool recursive = false;  // children too
  // From a sweep: only the generation that it saw; not stored.
  std::optional<generation> only{};
};
struct lock_body {};  // to an actor; answered when the requesting step holds it
struct unlock_body {
  reply_to holder;      // the lock step; its request may not have been handled yet
  bool forced = false;  // by an operator: whichever step holds it
};
// To an instance that ended this way at this time according to the index: purges it.
struct retire_body {
  std::uint8_t state = 0;
  time_point ended{};
};
struct expire_body {  // to an address with expired idempotency keys: their age keys, as stored
  std::vector<std::string> ages;
};
struct erase_body {};  // to an actor: deletes it with its entries
struct fired_body {    // timer of a step, or the end of its back-off; never stored as a message
  reprise::generation generation;
  std::uint64_t step = 0;
};

// An idempotency key: under it an effect from outside happens once.
struct once {
  std::string hash;  // 16 bytes: hash of principal and key
  std::uint64_t body = 0;
};

// The callback of a caller outside, called exactly once: with the answer when that is durable or, if
// none is given, by the destructor when the host or the transition is destroyed.
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
  // From here on the effect may be on disk, so destruction without an answer is `unknown_outcome`.
  void in_the_log() noexcept { unanswered_ = cause::unknown_outcome; }

 private:
  callback<result<payload>> tell_;
  cause unanswered_ = cause::unavailable;
};

using message_body =
    std::variant<call_body, start_body, answer_body, raised_body, terminate_body, fired_body,
                 suspend_body, resume_body, rewind_body, restart_body, purge_body, lock_body,
                 unlock_body, erase_body, retire_body, expire_body>;

// Written by one thread and read by another: what every message has comes first, in as few cache lines
// as possible; what few have is behind a pointer.
struct message {
  message() {}  // not defaulted: make_unique would first zero the whole object

  std::unique_ptr<message> next;  // in its mailbox
  message_id id;
  runtime::lane lane = runtime::lane::ordinary;
  bool durable = false;  // has a record in the messages table
  bool from_timer = false;
  time_point sent{};
  // What must be durable before an effect of this message may leave the node.
  runtime::horizon horizon{};
  address to;
  address sender;  // empty key: from outside
  // Of a `tell` with a due time, which has a timer record instead of a message record.
  time_point timer_due{};
  sparse<reply_to> reply;
  sparse<runtime::once> once;
  std::unique_ptr<const precondition> only_if;  // null: unconditional
  outside done;
  message_body body;
  trace_context trace{};  // its trace, and the span that sent it
};

using message_ptr = std::unique_ptr<message>;

// The lane of a message. A call inside a critical section is an exception: it goes with the answers.
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
