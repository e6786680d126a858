// Who is to blame for the death of the last process: what the slate holds becomes counts, and at
// `limits::max_crashes` dead letters, in one group that is durable before anything runs.
//
// Only a marked slot is counted: a death without a mark (SIGKILL, power) blames nobody. A mark by a
// thread that ran no user code makes suspects of all that ran (suspects.hpp), and who dies as the only
// one is counted.
//
// A turn may run before its message is durable, and such a message is not there after the death: the
// turn that sent it is done again and sends another. Then its actor is counted, and in the next process
// that actor takes messages only when they are durable: the one that kills it is found, with the count.

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
class suspects;

class inquest {
 public:
  // What it uses of the node; nothing runs yet.
  struct parts {
    executor& exec;
    commit_log& log;
    const runtime::observer& observer;
    persistence::store& store;
    suspects& on_trial;
  };
  // `known`: what was counted so far; it is kept up.
  using blames = std::map<std::string, dead_letters::blame, std::less<>>;
  inquest(const parts&, blames& known);

  // Blocks: reads what the suspects were, and commits.
  result<> hold(const crash_slate::finding&);

 private:
  void suspect(const crash_slate::finding&);
  static std::string name_of(const crash_slate::entry&);
  void hear(const crash_slate::entry&);
  void hear_activity(const crash_slate::entry&);
  void hear_message(const crash_slate::entry&);
  void hear_address(const crash_slate::entry&);
  // One more than `before`; true when that makes it a dead letter.
  bool count(const std::string& key, const std::string& what, unsigned before,
             records::dead_letter&);
  unsigned counted(const std::string& key) const;
  void forget_passed();
  void answer(const reply_to&, const address& from, const failure&);
  // Of what may still be there: nobody is blamed, and no count forgotten, because it could not be read.
  // A read error fails the open, which looks again; the owner of a damaged record is set aside by itself.
  struct reading {
    bool known = false;
    std::optional<std::string> value{};
    bool gone() const noexcept { return known && !value; }
  };
  reading pending(const std::string& key);

  const parts node_;
  blames& known_;
  std::set<std::string> heard_;  // keys
  persistence::batch writes_;
  const message_id first_;  // of the group's one transition
  std::uint32_t index_ = 0;
  std::optional<failure> unread_;  // the first record that could not be read
};

}  // namespace reprise::runtime
