#include "tests/runtime/commit/failing_node.hpp"

#include <chrono>
#include <thread>
#include <utility>

#include "runtime/node/node_access.hpp"
#include "tests/support/threaded_executor.hpp"

namespace reprise::testing {

failing_node::~failing_node() = default;

bool failing_node::open(application app, const failure_plan& plan,
                        std::function<void(std::uint64_t)> at_commit) {
  auto store =
      std::make_unique<failing_store>(std::make_unique<persistence::memory_store>(disk_), plan);
  store_ = store.get();
  store_->at_commit = std::move(at_commit);
  runtime::engine_options o;
  o.pools = {{"io", 4}, {"cpu", 2}};
  o.nonce = store_->term();
  o.on_failed = [this](const std::string&) { ++told_failed_; };
  auto opened = internal::node_access::open(std::make_unique<runtime::engine>(
      std::move(app), std::move(store), std::make_unique<threaded_executor>(4), std::move(o)));
  if (opened) node_ = std::move(*opened);
  return static_cast<bool>(opened);
}

runtime::engine& failing_node::engine() { return internal::node_access::engine(*node_); }

// Long enough for any machine: only what hangs comes to its end.
bool failing_node::settled() {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (node_->state() != node_state::ready &&
         !(node_->state() == node_state::failed && told_failed_ > 0)) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::yield();
  }
  return true;
}

}  // namespace reprise::testing
