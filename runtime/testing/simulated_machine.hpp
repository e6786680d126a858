// A simulated machine in one thread: processes that run nodes on it, one after another, and a clock
// that outlives them. What survives a process is the store that the next one is given.
//
// Used by the users' world (runtime/world.hpp) and by that of our own tests.

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "runtime/exec/simulated_executor.hpp"
#include "runtime/node.hpp"
#include "runtime/node/node_access.hpp"

namespace reprise::runtime {

class simulated_machine {
 public:
  explicit simulated_machine(std::uint64_t seed);
  ~simulated_machine() { crash(); }

  // Starts a process. Throws std::runtime_error with the node's text if it does not open. Empty options
  // get the usual defaults; the nonce counts the opens.
  void open(application, std::unique_ptr<persistence::store>, engine_options);
  void crash();  // nothing is flushed, no answer is given
  void close();  // an orderly shutdown
  bool up() const noexcept { return node_ != nullptr; }
  node& at();  // the running process's node
  simulated_executor& executor() { return *executor_; }

  // Called after each step, if set; it may inspect everything.
  void after_step(std::function<void()> f) { after_step_ = std::move(f); }
  bool step();
  void run();  // runs what is ready
  time_point now() const { return executor_ ? executor_->now() : now_; }
  void clock(time_point);  // sets it forward or back; the alarm's job becomes ready, but is not run
  // Runs, and moves the clock from alarm to alarm, until `until` holds or `limit` has passed.
  bool run_until(const std::function<bool()>& until, duration limit);

  // Runs until `ask`'s callback has been called or all is idle. The slot is shared, as a dying process
  // calls back later, when what it held is destroyed.
  template <class T, class Ask>
  std::optional<T> answer_to(Ask ask) {
    auto slot = std::make_shared<std::optional<T>>();
    ask([slot](T t) { *slot = std::move(t); });
    while (!*slot && step()) {
    }
    return *slot;
  }

 private:
  std::uint64_t seed_;
  std::uint64_t opens_ = 0;
  time_point now_;
  std::function<void()> after_step_;
  simulated_executor* executor_ = nullptr;  // the node's
  std::unique_ptr<node> node_;
};

}  // namespace reprise::runtime
