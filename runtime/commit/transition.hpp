// What one turn changes, on its way into the log: the message it consumes, the records it writes,
// the messages it emits, the answers that wait for it.
//
// Made after the user's code has run; from `open` to `commit` nothing else happens, because all
// later positions wait. Messages are delivered in `commit`, before the writes are published.
//
// It is the one place that knows how much a turn writes, whatever way it came in: who makes it asks
// `fits` when all is put, and else takes it back and says so in a smaller one. Its position is
// published all the same, so that the log never waits for what was too large.

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

// What a caller outside is told, given what became of the transition.
result<payload> settled(commit_outcome, result<payload>);

class transition {
 public:
  transition(turn_services&, const address& self, time_point now);

  // Takes the position. False: the node has started anew, this turn never happened.
  bool open(std::uint64_t epoch);
  position at() const noexcept { return ticket_.at; }
  runtime::horizon horizon() const noexcept { return ticket_.horizon(); }
  internal::generation as_generation() const noexcept { return {ticket_.term, ticket_.at}; }
  time_point now() const noexcept { return now_; }

  void put(std::string_view key, std::string_view value) { writes_.put(key, value); }
  void erase(std::string_view key) { writes_.erase(key); }
  void erase_range(const std::pair<std::string, std::string>& r) {
    writes_.erase_range(r.first, r.second);
  }

  // What is asked for from here on, not what is answered, belongs to this trace.
  void carry(const trace_context& trace) { trace_ = trace; }
  // Told when this is durable; dropped when it never will be.
  void report(span);

  // Erases the record of the message, or of the timer that it came from.
  void consume(const message&);

  // A durable message: a record until its consumer's transition. With a due time: a timer.
  void send(address to, message_body, std::optional<reply_to> = {}, time_point due = {});
  // A durable message again, under a new id: who sent it and who waits for it stay as they were.
  void forward(message_ptr);
  // Delivered at once, without a record: a read-only call, or its answer.
  void send_unlogged(address to, message_body, std::optional<reply_to> = {}, time_point due = {});
  // A call of a critical section: to an actor that it holds, ahead of those that wait there.
  enum class recorded : bool { no, yes };
  void send_within(recorded, address to, message_body, std::optional<reply_to>);
  // A timer of a step of this instance.
  void fire_later(const internal::generation&, std::uint64_t step, time_point due);
  // One that was set is no longer wanted, or has fired; the epoch: there is none.
  void forget_timer(const internal::generation&, std::uint64_t step, time_point due);
  // To whoever asked: an outside caller when this is durable, a step of an instance as a message.
  void answer(message& asked, result<payload>);
  // Opens when this is durable, or when it is known that it never will be.
  void leave(gate g) { gates_.push_back(std::move(g)); }

  std::size_t bytes() const noexcept { return writes_.bytes().size(); }
  // May it be published? `more`: bytes that are still to be put.
  bool fits(std::size_t more = 0) const noexcept {
    return bytes() + more <= limits::max_bytes_per_turn;
  }
  // Nothing was put, sent or left, and nothing consumed. A count of crashes that went, goes.
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
