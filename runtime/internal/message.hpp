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

#include "actors/failure.hpp"
#include "actors/internal/history.hpp"
#include "actors/payload.hpp"
#include "actors/request.hpp"
#include "persistence/store.hpp"
#include "runtime/internal/callback.hpp"

namespace reprise::runtime {

using internal::generation;
using persistence::position;

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
};

struct call_body {
  std::string operation;
  payload input;
};
struct start_body {
  std::string orchestration;
  payload input;
};
struct answer_body {  // to a step of an instance, from an actor, an activity or the engine
  internal::generation generation;
  std::uint64_t step = 0;
  result<payload> outcome = payload{};
};
struct raised_body {
  std::string event;
  payload value;
};
struct terminate_body {
  std::string reason;
};
struct fired_body {  // a timer of a step, or the end of its back-off; never stored as a message
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

struct message {
  message_id id;
  address to;
  runtime::lane lane = runtime::lane::ordinary;
  bool durable = false;  // has a record in the messages table
  address sender;        // key empty: outside
  time_point sent{};
  position horizon = 0;    // what must be durable before an effect of this may leave the node
  time_point timer_due{};  // of a `tell` with a due time: its record is in the timers table instead
  bool from_timer = false;
  std::optional<reply_to> reply;
  std::optional<runtime::once> once;
  outside done;
  std::variant<call_body, start_body, answer_body, raised_body, terminate_body, fired_body> body;
  std::unique_ptr<message> next;  // in its mailbox
};

using message_ptr = std::unique_ptr<message>;

inline lane lane_of(const message& m) noexcept {
  switch (m.body.index()) {
    case 1:
    case 4:
      return lane::control;
    case 2:
    case 5:
      return lane::answers;
    default:
      return m.from_timer ? lane::answers : lane::ordinary;
  }
}

}  // namespace reprise::runtime
