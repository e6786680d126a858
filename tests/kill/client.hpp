// A client of a server that is killed repeatedly: it repeats what may be repeated, remembers the
// answers, and reports what must never happen.
//
// Threads: one per client; read `found` and what its run collected after it ended.

#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "tests/kill/checks.hpp"
#include "tests/kill/http_client.hpp"
#include "tests/kill/server_process.hpp"

namespace reprise::kill {

// Shared by all clients.
struct stage {
  server_process& server;
  std::atomic<bool> ending{false};     // start nothing new; finish what was started
  std::atomic<bool> giving_up{false};  // the server no longer answers: leave
};

class client {
 public:
  client(stage& on, std::uint64_t seed) : stage_(on), chance_(seed) {}

  findings found;

 protected:
  // Sends once; nothing if there was no answer, or one that says "not done" or "not known".
  std::optional<reply> once(const ask&);
  // Repeats across restarts until there is an answer. Nothing only when giving up.
  std::optional<reply> until_answered(const ask&);
  // Waits until the instance has ended; returns its status. Reports a finding if it does not exist.
  std::optional<std::string> until_ended(const std::string& id);
  // Starts an instance, with or without an Idempotency-Key. False only when giving up.
  bool start(const std::string& orchestration, const std::string& id, std::string input);
  // Raises an event for an instance whose start was acknowledged.
  void raise(const std::string& id, const std::string& event, std::string value);
  // The same with an idempotency key: however often it is repeated, it takes effect once.
  void raise_once(const std::string& id, const std::string& event, std::string value,
                  std::string key);

  bool ending() const { return stage_.ending || stage_.giving_up; }
  unsigned below(unsigned bound) { return static_cast<unsigned>(chance_() % bound); }
  void linger(unsigned milliseconds);
  unsigned starts() const { return stage_.server.starts(); }

 private:
  stage& stage_;
  http_client http_;
  std::mt19937_64 chance_;
};

// Adds to its own counters: with a key each add is repeated until it is acknowledged, without one
// it is sent once.
class adder : public client {
 public:
  enum class keys : bool { without, with };
  adder(stage& on, std::uint64_t seed, std::string name, keys use)
      : client(on, seed), name_(std::move(name)), keys_(use) {}
  void run();
  // Reads and checks all its counters.
  void check();

  struct counter {
    std::string key;
    std::vector<known> adds;
  };
  std::vector<counter> counters;

 private:
  std::string name_;
  keys keys_;
};

// Orders: start, wait a little, raise the verdict, read the outcome.
class buyer : public client {
 public:
  buyer(stage& on, std::uint64_t seed, std::string name)
      : client(on, seed), name_(std::move(name)) {}
  void run();

  std::vector<order> orders;

 private:
  void check_outcome(const order&, bool approve, bool decline);
  std::string name_;
};

// Approvals with a decision, and some that their timer ends.
class approver : public client {
 public:
  approver(stage& on, std::uint64_t seed, std::string name)
      : client(on, seed), name_(std::move(name)) {}
  void run();

  std::size_t finished = 0;

 private:
  std::string name_;
};

// Instances with many activities in flight (fan_out) or in back-off (flaky), with children (tree),
// and that continue as new (monitor): the states that a kill interrupts.
class planner : public client {
 public:
  planner(stage& on, std::uint64_t seed, std::string name)
      : client(on, seed), name_(std::move(name)) {}
  void run();

  std::size_t finished = 0;

 private:
  std::string name_;
};

// Short instances that are purged after they ended, and must stay gone.
class purger : public client {
 public:
  purger(stage& on, std::uint64_t seed, std::string name)
      : client(on, seed), name_(std::move(name)) {}
  void run();
  // Checks that nothing that was purged exists.
  void check();

  std::vector<std::string> purged;

 private:
  std::string name_;
};

// Readings for meters that continue as new all the time: the n-th is 4^n, so that the sum
// identifies each.
class reader : public client {
 public:
  reader(stage& on, std::uint64_t seed, std::string name)
      : client(on, seed), name_(std::move(name)) {}
  void run();

  std::size_t finished = 0;

 private:
  std::string name_;
};

// Moves money between a few accounts that all bankers share, in critical sections.
class banker : public client {
 public:
  banker(stage& on, std::uint64_t seed, std::string name)
      : client(on, seed), name_(std::move(name)) {}
  void run();
  std::map<std::string, std::int64_t> balances();

  std::map<std::string, std::int64_t> put_in;
  std::vector<transfer> transfers;

 private:
  std::string name_;
};

inline constexpr const char* accounts[] = {"ann", "bob", "cid"};
inline constexpr const char* skus[] = {"tea", "mug", "pot"};

// Puts goods on the shelves, each delivery once (with a key).
class supplier : public client {
 public:
  using client::client;
  void run();
  // Returns what is on the shelves now.
  std::map<std::string, std::uint64_t> left();

  std::map<std::string, std::uint64_t> restocked;
};

}  // namespace reprise::kill
