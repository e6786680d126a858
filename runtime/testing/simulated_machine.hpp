// One machine in one thread: processes that run nodes on it, one after the other, and a clock that
// outlives them. What survives a process is the store that the next one is given.
//
// The world of users (runtime/world.hpp) and that of our own tests are built on it.

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

  // A process begins. Throws std::runtime_error with the node's own words when it does not open.
  // Options that are left empty are those of any node; the nonce counts the opens.
  void open(application, std::unique_ptr<persistence::store>, engine_options);
  void crash();  // nothing is flushed, nobody is told
  void close();  // orderly
  bool up() const noexcept { return node_ != nullptr; }
  node& at();  // of the process that runs
  simulated_executor& executor() { return *executor_; }

  // Called after each step, when there is one: it may look at everything.
  void after_step(std::function<void()> f) { after_step_ = std::move(f); }
  bool step();
  void run();  // what is ready
  time_point now() const { return executor_ ? executor_->now() : now_; }
  void clock(time_point);  // forward or back, at once; nothing rings
  // Runs and moves the clock from alarm to alarm until `until` holds or `limit` has passed.
  bool run_until(const std::function<bool()>& until, duration limit);

  // Runs until what `ask` asks for is told, or all is idle. The slot is shared: a process that dies
  // answers later, when what it held is destroyed.
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
