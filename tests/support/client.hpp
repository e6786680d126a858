// A client that survives server crashes: it repeats requests until they are answered, reopens the
// node after a crash, and remembers the answers.
//
// Requests that must take effect once carry idempotency keys, as a careful client's do.

#pragma once

#include <functional>
#include <string>

#include "tests/support/witness.hpp"
#include "tests/support/world.hpp"

namespace reprise::testing {

class client {
 public:
  client(world& w, witness& saw) : world_(w), saw_(saw) {}

  // Performs until an answer other than unavailable, unknown_outcome or overloaded comes.
  result<payload> perform(const request&, const std::string& idempotency_key = "");
  // Starts an instance and returns its id. An instance that an earlier attempt started counts as started.
  std::string start(const request&);
  result<> raise(const request& event, const std::string& idempotency_key = "");
  result<> terminate(const std::string& id, const std::string& reason);
  // Performs a request that is safe to repeat.
  result<> steer(const std::function<result<>(world&)>&);

  template <class Call>
  value<typename Call::answer> get(const Call& c, const std::string& idempotency_key = "") {
    const auto answer = perform(c.what(), idempotency_key);
    if (!answer) throw failed(answer.error());
    return *codec<typename Call::answer>::decode(*answer);
  }
  // `run` runs until all is idle; `until_ended` until the instance has ended, moving the clock over alarms.
  void run();
  void until_ended(const std::string& ends);
  void advance(duration d);

  unsigned deaths() const noexcept { return deaths_; }

 private:
  // Repeats `what` until it returns true and the node did not crash meanwhile.
  void insist(const std::function<bool()>& what);
  void revive();

  world& world_;
  witness& saw_;
  unsigned deaths_ = 0;
};

}  // namespace reprise::testing
