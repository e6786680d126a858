// What one turn changes, on its way into the log: the message it consumes, the records it writes, the
// messages it sends, the answers that wait for it.
//
// Made after the user's code has run. Nothing else happens between `open` and `commit`, because all
// later positions wait. Messages are delivered in `commit`, before the writes are published.
//
// Here alone a turn's total size is known, whatever it came from. Its maker calls `fits` when
// everything is put; if it does not fit, `take_back` and a smaller transition that reports the failure
// follow. The position is published in any case, so that the log never waits for an oversized turn.

#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "persistence/batch.hpp"
#include "persistence/limits.hpp"
#include "runtime/commit/commit_log.hpp"
#include "runtime/message/message.hpp"
#include "runtime/span.hpp"

namespace reprise::runtime {

struct turn_services;

// The answer for a caller outside, given the outcome of the transition.
result<payload> settled(commit_outcome, result<payload>);

class transition {
 public:
  transition(turn_services&, const address& self, time_point now);

  // Takes the position. False: the log has restarted and this turn never happened.
  bool open(std::uint64_t epoch);
  position at() const noexcept { return ticket_.at; }
  runtime::horizon horizon() const noexcept { return ticket_.horizon(); }
  generation as_generation() const noexcept { return {ticket_.term, ticket_.at}; }
  time_point now() const noexcept { return now_; }

  void put(std::string_view key, std::string_view value) { writes_.put(key, value); }
  void erase(std::string_view key) { writes_.erase(key); }
  void erase_range(const std::pair<std::string, std::string>& r) {
    writes_.erase_range(r.first, r.second);
  }

  // Sets the trace of everything requested from here on; answers do not carry it.
  void carry(const trace_context& trace) { trace_ = trace; }
  // Reports the span when this is durable; drops it if it never will be.
  void report(span);

  // Erases the record of the message, or of the timer that delivered it.
  void consume(const message&);

  // Sends a durable message, with a record until its consumer's transition. With a due time: a timer.
  void send(address to, message_body, std::optional<reply_to> = {}, time_point due = {});
  // Sends a durable message again under a new id, with its sender and reply address unchanged.
  void forward(message_ptr);
  // Sends a message without a record: a read-only call, or its answer.
  void send_unlogged(address to, message_body, std::optional<reply_to> = {}, time_point due = {});
  // Sends a call of a critical section to an actor that it holds, ahead of the messages that wait
  // there.
  enum class recorded : bool { no, yes };
  void send_within(recorded, address to, message_body, std::optional<reply_to>);
  // Sets a timer for a step of this instance.
  void fire_later(const generation&, std::uint64_t step, time_point due);
  // Erases a timer that is no longer wanted or has fired. The epoch: none was set.
  void forget_timer(const generation&, std::uint64_t step, time_point due);
  // Answers the sender of `asked`: a caller outside when this is durable, a step of an instance by
  // message.
  void answer(message& asked, result<payload>);
  // Calls `g` when this is durable, or when it is known that it never will be.
  void leave(gate g) { gates_.push_back(std::move(g)); }

  std::size_t bytes() const noexcept { return writes_.bytes().size(); }
  // True if it is small enough to publish. `more`: bytes still to be put.
  bool fits(std::size_t more = 0) const noexcept {
    return bytes() + more <= limits::max_bytes_per_turn;
  }
  // Undoes all that was put, sent, left and consumed; only erased crash counts stay erased.
  void take_back();
  std::size_t messages() const noexcept { return index_; }

  void commit(commit_log::followed = commit_log::followed::no);

 private:
  message_ptr make(address to, message_body, std::optional<reply_to>);
  void name(message&);
  void record(message_ptr);  // and sends it

  turn_services& services_;
  const address& self_;
  const time_point now_;
  commit_log::ticket ticket_;
  persistence::batch writes_;
  std::vector<gate> gates_;
  std::vector<message_ptr> outgoing_;
  std::vector<message_ptr> timers_;
  std::uint32_t index_ = 0;
  trace_context trace_;
};

}  // namespace reprise::runtime
