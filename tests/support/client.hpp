// A client that outlives the server: it asks until it is answered, opens the node again when it has
// died, and remembers what it was told.
//
// Requests that must not happen twice carry idempotency keys, as a careful client's do.

#pragma once

#include <functional>
#include <string>

#include "tests/support/witness.hpp"
#include "tests/support/world.hpp"

namespace reprise::testing {

class client {
 public:
  client(world& w, witness& saw) : world_(w), saw_(saw) {}

  // Performs until an answer other than unavailable or unknown_outcome comes.
  result<payload> perform(const request&, const std::string& idempotency_key = "");
  // Gives the id. An instance of this id that an earlier try began counts as begun.
  std::string start(const request&);
  result<> raise(const request& event, const std::string& idempotency_key = "");
  result<> terminate(const std::string& id, const std::string& reason);
  // Asks for what is harmless to be asked for twice.
  result<> steer(const std::function<result<>(world&)>&);

  template <class Out>
  value<Out> get(const call<Out>& c, const std::string& idempotency_key = "") {
    const auto answer = perform(c.what(), idempotency_key);
    if (!answer) throw failed(answer.error());
    return *codec<Out>::decode(*answer);
  }
  // Runs until all is idle; until `ends` has ended, over any alarms.
  void run();
  void until_ended(const std::string& ends);
  void advance(duration d);

  unsigned deaths() const noexcept { return deaths_; }

 private:
  // Does `what` until it gives true and nobody died meanwhile.
  void insist(const std::function<bool()>& what);
  void revive();

  world& world_;
  witness& saw_;
  unsigned deaths_ = 0;
};

}  // namespace reprise::testing
