// A test world for your own orchestrations: a whole node in one thread, with a disk in memory and a
// simulated clock. A month of waiting takes no time, a crash is a function call, and every run with the
// same seed is identical.
//
//   reprise::testing::world w(application());
//   w.start(shop::approval.as("order-1", "a chair"));
//   w.advance(30 * 24h);                                  // nobody answers
//   w.restart();                                          // the process dies; the disk stays
//   auto outcome = w.wait(shop::approval, "order-1");     // "gave up"
//
// Activities run too, on this thread: bind substitutes for those that reach outside. Ready work runs in
// an order drawn from the seed, so a test with several seeds sees several interleavings.
//
// Threads: one. Failure: cause::timed_out for a call that is still unanswered when nothing is left to
// run. A node that does not open (a schema that does not fit the disk) throws std::runtime_error with
// its text.

#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "runtime/node.hpp"

namespace reprise::testing {

class world {
 public:
  explicit world(application, std::uint64_t seed = 1);
  ~world();
  world(const world&) = delete;
  world& operator=(const world&) = delete;

  // As in `node`, but each runs the world until it is answered. `ask` of an orchestration moves the
  // clock as `wait` does.
  template <class Call>
  result<value<typename Call::answer>> ask(const Call& c, ask_options o = {}) {
    internal::require_outside<Call>();
    return internal::typed<typename Call::answer>(perform(c.what(), std::move(o)));
  }
  template <class Call>
  requires requires { typename Call::answer; }
  result<> tell(const Call& c) {
    internal::require_told<Call>();
    return tell(c.what());
  }
  result<> tell(const request&);
  template <class Out>
  result<std::string> start(const start_call<Out>& c, ask_options o = {}) {
    return begin(c.what(), std::move(o));
  }
  result<> raise(const request& event, ask_options = {});  // shop::verdict.to(id, ...)
  result<> terminate(const std::string& id, const std::string& reason);
  result<instance_status> status(const std::string& id, with_history = with_history::no);

  // Moves the clock from alarm to alarm until the instance has ended, for at most a year.
  template <class Out>
  result<value<Out>> wait(const orchestration_ref<Out>&, const std::string& id) {
    return internal::typed<Out>(outcome(id));
  }

  void run();              // runs what is ready; the clock stands still
  void advance(duration);  // runs what becomes due meanwhile, in order
  time_point now() const;  // starts on 2026-11-23

  // Kills the process where it stands and opens the same disk again, optionally with other code, as in
  // a deployment. As on any node, an idle instance is replayed only when a message for it arrives.
  void restart();
  void restart(application);

 private:
  result<payload> perform(request, ask_options);
  result<std::string> begin(request, ask_options);
  result<payload> outcome(const std::string& id);

  class machine;
  std::unique_ptr<machine> machine_;
};

}  // namespace reprise::testing
