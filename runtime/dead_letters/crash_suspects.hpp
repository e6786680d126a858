// What was running when a thread without user code crashed the process: one of these may be the cause.
//
// The suspects run one at a time: each alone, until it has ended or its time has passed; the rest of
// the node does not wait. A suspect that crashes the process while it is the only one left is counted
// (crash_attribution.hpp). After each death that leaves several, another one goes first and the time doubles, so
// that one that runs for days and one that crashes late can be told apart.
//
// The list is a record in the store and survives deaths without a mark. It is removed when all suspects
// have run for a while without a crash.
//
// Threads: any. Almost always nothing is suspected, and a turn only checks that.

#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "actors/time.hpp"
#include "runtime/exec/callback.hpp"

namespace reprise::runtime {

struct turn_services;

// `names`: letter keys (dead_letters.hpp) of addresses and activities; the first is tried first.
struct suspect_list {
  std::uint32_t trial = 0;  // deaths that left several suspects
  std::vector<std::string> names;

  static constexpr std::string_view record = "suspects";  // its name in meta
  std::string encode() const;
  static std::optional<suspect_list> decode(std::string_view);

  // After a death with these running: keeps the suspects that were running; if none was, all that ran.
  suspect_list narrowed(const std::vector<std::string>& running) const;
};

class crash_suspects {
 public:
  explicit crash_suspects(turn_services& s) : services_(s) {}

  // Call before anything runs.
  void put_on_trial(suspect_list);
  // Starts the first suspect's time: the node takes turns from now on.
  void begin();

  bool any() const noexcept { return any_.load(std::memory_order_acquire); }
  // True: it must wait, and `go_on` will be called on the upkeep pool when its turn has come.
  bool hold(const std::string& name, job go_on);
  // Clears a suspect that ended without a crash.
  void passed(const std::string& name);

 private:
  void next(std::string name);  // ends its time, if it is still the first
  void release();               // with mutex_ held: lets the new first suspect run
  void acquit();

  turn_services& services_;
  std::atomic<bool> any_{false};
  std::mutex mutex_;
  std::deque<std::string> waiting_;  // the first is on trial
  std::multimap<std::string, job> held_;
  std::uint32_t trial_ = 0;
  bool begun_ = false;
};

}  // namespace reprise::runtime
