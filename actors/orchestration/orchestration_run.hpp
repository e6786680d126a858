// One generation of one orchestration in memory: the coroutine and what it waits for. A pure
// machine: inputs in, steps out. A resident frame and a replayed one take the same path: events are
// fed one at a time, in order, and each runs the code until it waits again.
//
// Threads: one at a time. Failure: user code's exceptions end as a `completed` step with a failure;
// divergence is a finding, never an exception, and the frame stays suspended until it is destroyed.
// Destroying a run records nothing, also when user code's destructors ask for things.

#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actors/orchestration/history.hpp"

namespace reprise::internal {

struct orchestration_binding;

// The first step at which the code and its history part. Both sides in words for a person:
// "activity say_hello", "timer", "nothing (the code waits)", "operation stock/tea reserve".
struct divergence {
  std::uint64_t number = 0;
  std::string recorded;
  std::string taken;
};

class orchestration_run {
 public:
  // `id` is the instance id. The binding is borrowed for as long as this is there. The code does not run
  // before the first input, `started`, is fed.
  orchestration_run(const orchestration_binding&, std::string id, generation);
  ~orchestration_run();

  // Before replay: events that a rewind took back. A failure among them is not given to the code, its
  // step is open again; any other input counts as deferred, to be fed anew; steps are not compared.
  void undo(std::vector<std::uint64_t> numbers);

  // Replay: one recorded event, in order of number. An input is held until the next one comes: then
  // the code runs, and its steps are compared with those recorded in between. After a divergence
  // this does nothing.
  void replay(const event& recorded);

  // Ends replay: runs the last input. A recorded step that the code did not take is a divergence.
  // Steps that the code took beyond the recorded ones are live: the next `take_steps` gives them.
  void replayed();

  // Live: one input, whose number is `next_number()`. Runs the code until it waits again.
  void feed(const event& input);

  // The steps taken since the last call, numbered from where history ends: append them after the
  // input that led to them. Empty during replay.
  std::vector<event> take_steps();
  // What the code logged since the last call; nothing of it comes from replay.
  std::vector<std::string> take_lines();
  // After a `continued` step: the events that the next generation begins with, in their order.
  std::vector<event> take_unseen();

  std::uint64_t next_number() const noexcept;  // of the next event of this generation
  const std::optional<divergence>& diverged() const noexcept;
  bool finished() const noexcept;  // a `completed` or `continued` step was taken

  // Is the answer to this step still wanted? Live dispatch uses it to drop late and doubled
  // answers: true for an operation, activity, child or timer step without answer that was not withdrawn.
  bool open(std::uint64_t step) const noexcept;
  std::size_t buffered_events() const noexcept;  // raised and not yet waited for
  std::size_t buffered_bytes() const noexcept;

  // Bytes of memory that it takes: itself, its frames and its questions, not the values that they hold.
  std::size_t footprint() const noexcept;

  // What the instance waits for now, one line each, for status pages and stalls.
  std::vector<std::string> waiting_for() const;

  orchestration_run(const orchestration_run&) = delete;
  orchestration_run& operator=(const orchestration_run&) = delete;

 private:
  class machine;
  std::unique_ptr<machine> machine_;
};

}  // namespace reprise::internal
