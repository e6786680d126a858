// Who is to blame for the death of the last process: what the slate holds becomes counts, and at
// `limits::max_crashes` dead letters, in one group that is durable before anything runs.
//
// Only a marked slot is counted: a death without a mark (SIGKILL, power) blames nobody. A mark by a
// thread that ran no user code blames what ran, if that was one thing alone. What is no longer pending
// was consumed before the death and is not to blame.

#pragma once

#include <functional>
#include <optional>
#include <string>

#include "persistence/batch.hpp"
#include "runtime/internal/crash_slate.hpp"
#include "runtime/internal/dead_letters.hpp"

namespace reprise::runtime {

class engine;

class inquest {
 public:
  using counts = std::function<dead_letters::blame(const std::string& key)>;  // so far
  // No crashes: nothing is left to count here.
  using verdict = std::function<void(const std::string& key, dead_letters::blame)>;
  inquest(engine&, counts, verdict);

  // Blocks: reads what the suspects were, and commits.
  result<> hold(const crash_slate::finding&);

 private:
  void hear(const crash_slate::entry&);
  void hear_activity(const crash_slate::entry&);
  void hear_message(const crash_slate::entry&);
  void hear_address(const crash_slate::entry&);
  // One more; true when that makes it a dead letter.
  bool count(const std::string& key, const std::string& what, records::dead_letter&);
  void answer(const reply_to&, const address& from, const failure&);
  std::optional<std::string> pending(const std::string& key);

  engine& engine_;
  const counts counts_;
  const verdict verdict_;
  persistence::batch writes_;
  const message_id first_;  // of the group's one transition
  std::uint32_t index_ = 0;
};

}  // namespace reprise::runtime
