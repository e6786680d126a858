// Orchestrations that start others, continue as new, and fail on request: every durable name and type.

#pragma once

#include <cstdint>
#include <string>

#include "tests/support/world.hpp"

namespace reprise::testing::family {

using number = std::int64_t;

// Returns its input; fails while the input is in `broken`.
inline constexpr activity<std::string, std::string> job{"job"};
void broken(const std::string& input, bool is);
result<std::string> do_job(std::string input);

inline constexpr event<number> coin{"coin"};

// Runs one job and returns its outcome; input "wait": waits for a coin.
inline constexpr orchestration<std::string, std::string> kid{"kid"};
// Its input is a list of words, executed in order:
//   kid:X       awaits kid(X)                 as:ID:X     ... under an id
//   try:X       the same, a failure is a word  thrice:X    ... with three attempts
//   again:X     ... twice, five seconds each
//   soon:X      ... for five seconds at most   all:X,Y     both at once
//   race:X      kid(X) against an hour         job:X       the activity
//   tell:ID:X   starts kid(X), not as a child  purse:ID   awaits a purse
//   tryas:ID:X  as: with a failure as a word
// It returns the results, joined by blanks.
inline constexpr orchestration<std::string, std::string> elder{"elder"};
// An elder with elders as children, to a depth of {depth}: each waits for two below it, the lowest
// for a coin.
inline constexpr orchestration<number, number> line{"line"};

// Collects coins, one per generation, until one is 0; returns their sum. The input is the sum so far.
inline constexpr orchestration<number, number> purse{"purse"};
// The same, but leaves a job, a timer and a wait open when it continues as new.
inline constexpr orchestration<number, number> untidy_purse{"untidy_purse"};
// Continues as new `n` times without waiting.
inline constexpr orchestration<number, number> spin{"spin"};

void bind(application&);
application bound();

// Returns the outcome as text: "completed: x", "failed: x", "terminated: x", or the state.
std::string end_of(world&, const std::string& id);
instance_status page_of(world&, const std::string& id);
std::size_t history_of(world&, const std::string& id);  // events of its generation

// Makes a request of the node's own interface and runs until it is answered.
template <class T>
std::optional<result<T>> answer(world& w,
                                const std::function<void(std::function<void(result<T>)>)>& ask) {
  auto slot = std::make_shared<std::optional<result<T>>>();
  ask([slot](result<T> r) { *slot = std::move(r); });
  while (!*slot && w.step()) {
  }
  return *slot;
}
result<> suspend(world&, const std::string& id);
result<> resume(world&, const std::string& id);
result<> rewind(world&, const std::string& id);
result<> purge(world&, const std::string& id, children = children::left_alone);
result<> terminate(world&, const std::string& id, children);
result<std::string> restart(world&, const std::string& id, const std::string& new_id);

}  // namespace reprise::testing::family
