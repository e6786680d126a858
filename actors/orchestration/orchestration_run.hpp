// One generation of one orchestration in memory: the coroutine and what it waits for. A pure
// machine: inputs in, steps out. A resident frame and a replayed one take the same path: events are
// fed one at a time, in order, and each runs the code until it waits again.
//
// Threads: one at a time. Failure: an exception of user code ends as a `completed` step with a
// failure. A divergence is a finding, never an exception, and the frame stays suspended until it is
// destroyed. Destroying a run records nothing, even if destructors of user code make requests.

#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actors/bindings.hpp"
#include "actors/history.hpp"

namespace reprise::internal {

// The first step at which the code and its history differ. Both sides in words for a person:
// "activity say_hello", "timer", "nothing (the code waits)", "operation stock/tea reserve".
struct divergence {
  std::uint64_t number = 0;
  std::string recorded;
  std::string taken;
};

class orchestration_run {
 public:
  // `id` is the instance id. The binding is borrowed for the life of the run. The code does not run
  // before the first input, `started`, is fed.
  orchestration_run(const bound_orchestration&, std::string id, generation);
  ~orchestration_run();

  // Call before replay with the events that a rewind took back, ascending. A failed answer among them
  // is not given to the code and its step is open again; any other input counts as deferred, to be
  // fed again; steps are not compared.
  void undo(std::vector<std::uint64_t> numbers);

  // Replays one recorded event; call in order of number. An input is held until the next one comes;
  // then the code runs, and its steps are compared with those recorded in between. After a
  // divergence this does nothing.
  void replay(const history_event& recorded);

  // Ends replay: runs the last input. A recorded step that the code did not take is a divergence.
  // Steps beyond the recorded ones are live: the next `take_steps` returns them.
  void replayed();

  // Feeds one live input, whose number is `next_number()`. Runs the code until it waits again.
  void feed(const history_event& input);

  // Returns the steps taken since the last call, numbered from where the history ends: append them
  // after the input that caused them. Empty during replay.
  std::vector<history_event> take_steps();
  // Returns the lines that the code logged since the last call, none of them from replay.
  std::vector<std::string> take_lines();
  // After a `continued` step: returns the events that the next generation begins with, in order.
  std::vector<history_event> take_unseen();

  std::uint64_t next_number() const noexcept;  // of the next event of this generation
  const std::optional<divergence>& diverged() const noexcept;
  bool finished() const noexcept;  // a `completed` or `continued` step was taken

  // Returns whether the answer to this step is still wanted: true for an operation, activity, child
  // or timer step that has no answer and was not withdrawn. Live dispatch uses it to drop late and
  // duplicate answers.
  bool open(std::uint64_t step) const noexcept;
  std::size_t buffered_events() const noexcept;  // raised but not yet taken by a wait
  std::size_t buffered_bytes() const noexcept;

  // Bytes of memory: itself, its frames with the values in them, and its questions.
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
