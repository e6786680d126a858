// Attributes the death of the last process: turns what the slate holds into counts and, at
// `limits::max_crashes`, into dead letters, in one group that is durable before anything runs.
//
// Only a marked slot is counted: a death without a mark (SIGKILL, power loss) blames nothing. A mark by
// a thread that ran no user code makes everything that ran a suspect (suspects.hpp); a suspect that
// crashes the process while it runs alone is counted.
//
// A turn may run before its message is durable. Then the crash loses the message too, and the turn that
// sent it runs again and sends another. In that case the actor is counted, and in the next process it
// takes messages only once they are durable: so the one that crashes it is found, with its count.

#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "persistence/batch.hpp"
#include "persistence/store.hpp"
#include "runtime/crash/crash_slate.hpp"
#include "runtime/dead_letters/dead_letters.hpp"

namespace reprise::runtime {

class commit_log;
class executor;
class observer;
class crash_suspects;

class crash_attribution {
 public:
  // What it uses of the node, before anything runs.
  struct parts {
    executor& exec;
    commit_log& log;
    const runtime::observer& observer;
    persistence::store& store;
    crash_suspects& on_trial;
  };
  // `known`: the counts so far; it is updated.
  using blames = std::map<std::string, dead_letters::blame, std::less<>>;
  crash_attribution(const parts&, blames& known);

  // Blocks: reads the records of what was running, and commits the counts.
  result<> run(const crash_slate::finding&);

 private:
  void suspect(const crash_slate::finding&);
  static std::string name_of(const crash_slate::entry&);
  void attribute(const crash_slate::entry&);
  void attribute_activity(const crash_slate::entry&);
  void attribute_message(const crash_slate::entry&);
  void attribute_address(const crash_slate::entry&);
  // Sets the count to `before` + 1; returns true if that makes it a dead letter.
  bool count(const std::string& key, const std::string& what, unsigned before,
             records::dead_letter&);
  unsigned counted(const std::string& key) const;
  void forget_passed();
  void answer(const reply_to&, const address& from, const failure&);
  // The result of reading a record that may be gone. If it could not be read, nothing is blamed and no
  // count is dropped: a read error fails the open, and the next open tries again; a damaged record has
  // its owner quarantined anyway.
  struct reading {
    bool known = false;
    std::optional<std::string> value{};
    bool gone() const noexcept { return known && !value; }
  };
  reading pending(const std::string& key);

  const parts node_;
  blames& known_;
  std::set<std::string> attributed_;  // keys counted in this run
  persistence::batch writes_;
  const message_id first_;  // id of the group's only transition
  std::uint32_t index_ = 0;
  std::optional<failure> unread_;  // the first record that could not be read
};

}  // namespace reprise::runtime
