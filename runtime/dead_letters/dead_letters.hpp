// Counts what crashed the process, and keeps what was set aside for it.
//
// An open reads what the last process died of (crash_attribution.hpp) and the earlier counts. A count ends with
// the transition that consumes its message. An address that was set aside as a whole runs no code: an
// actor refuses everything, and its durable messages become dead letters too; an instance is stalled.
//
// Threads: any. Almost always nothing is blamed, and a turn only checks that.

#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "persistence/store.hpp"
#include "runtime/commit/crash_policy.hpp"
#include "runtime/dead_letter.hpp"
#include "runtime/message/message.hpp"
#include "runtime/message/records.hpp"

namespace reprise::runtime {

class crash_suspects;
class transition;
struct turn_services;

// Keys of the records of counts and dead letters.
std::string letter_of(const address& whole);
std::string letter_of(const address& to, const message_id&);
std::string letter_of_activity(const std::string& instance, const std::string& activity,
                               const message_id& generation_and_step);

failure poison(std::string what, unsigned crashes);

class dead_letters final : public crash_policy {
 public:
  // A count, or a whole address that was set aside.
  struct blame {
    unsigned crashes = 0;
    message_id blamed;
    std::optional<failure> why;
  };

  // `store`: for reads and writes of an open, before anything runs. `on_trial`: receives the suspects.
  dead_letters(turn_services& s, persistence::store& store, crash_suspects& on_trial)
      : services_(s), store_(store), on_trial_(on_trial) {}

  // Reads the counts. Blocks. Call before anything runs; the first call also makes the slate's findings
  // durable.
  result<> recover();

  std::optional<failure> refusal(const address&) const override;
  bool blames(const address&) const override;
  bool waits_for_disk(const address&) const override;
  static bool never_durable(const address&, const blame&);
  void consumed(transition&, const address& self, const message&) override;
  void closed(transition&, const std::string& instance, const generation&,
              const history_event&) override;
  void ended(transition&, const address& instance) override;

  // Returns the letter's id for operators, from the key of its record.
  static std::string id_of(const std::string& key);

  using when_settled = std::function<void(result<>)>;
  void list(std::string after, std::function<void(result<dead_letter_page>)>);
  void retry(std::string id, when_settled);
  void drop(std::string id, when_settled);

 private:
  result<> read_known();
  bool erase(transition&, const std::string& key);
  void lift(const std::string& key);
  using use = std::function<void(records::dead_letter, const std::string& key)>;
  void with(const std::string& id, const when_settled&, use);
  void let_go(const std::string& key);
  void settle(const std::string& key, message_ptr back, std::function<void()> then, when_settled);
  void deliver(const address& to, message_body, std::function<void(result<payload>)> tell);

  turn_services& services_;
  persistence::store& store_;
  crash_suspects& on_trial_;
  bool settled_ = false;
  mutable std::mutex mutex_;
  std::map<std::string, blame, std::less<>> known_;  // by record key
  std::set<std::string> in_hand_;                    // being retried or dropped
};

}  // namespace reprise::runtime
