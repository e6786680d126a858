// Who ran when a thread that runs no user code ended the process: one of them may have made it do so.
//
// They go on one after the other; each is alone until it has ended or has lived through its time, the
// rest of the node does not wait. Who dies as the only one of them is counted (inquest.hpp). After
// each death that leaves several, another is the first and the time is doubled, so that one that runs
// for days and one that kills late are told apart.
//
// The list is a record of the store and outlives deaths that blame nobody; it goes when all of them
// have lived for a while.
//
// Threads: any. Almost always nobody is suspected, and a turn asks only that.

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

// `names`: the keys of dead_letters.hpp, of an address or of an activity; who comes first is tried first.
struct suspect_list {
  std::uint32_t trial = 0;  // deaths that left more than one
  std::vector<std::string> names;

  static constexpr std::string_view record = "suspects";  // in meta
  std::string encode() const;
  static std::optional<suspect_list> decode(std::string_view);

  // After a death with these running: who was suspected before and ran, else all that ran.
  suspect_list narrowed(const std::vector<std::string>& running) const;
};

class suspects {
 public:
  explicit suspects(turn_services& s) : services_(s) {}

  // Before anything runs.
  void put_on_trial(suspect_list);
  // The node takes turns now: the first one's time begins.
  void begin();

  bool any() const noexcept { return any_.load(std::memory_order_acquire); }
  // True: it is not its turn, and `go_on` will be called when it is, on the upkeep pool.
  bool hold(const std::string& name, job go_on);
  // It has come to its end without killing.
  void passed(const std::string& name);

 private:
  void next(std::string name);  // if it is still this one's time
  void release();               // under mutex_: the first of the list is gone, another may run
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
