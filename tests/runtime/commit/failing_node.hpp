// A node with real threads over a disk in memory that fails as planned, and a second one over the
// same disk that does not fail.

#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "persistence/memory_store.hpp"
#include "runtime/node.hpp"
#include "tests/support/failing_store.hpp"

namespace reprise::testing {

class failing_node {
 public:
  explicit failing_node(std::shared_ptr<persistence::memory_disk> disk) : disk_(std::move(disk)) {}
  ~failing_node();

  // Returns false if it could not be opened. `at_commit`: as in failing_store.
  bool open(application, const failure_plan& = {},
            std::function<void(std::uint64_t)> at_commit = {});
  node& at() { return *node_; }
  runtime::engine& engine();
  failing_store& store() { return *store_; }
  // Waits until it is ready or has failed; false: it is neither, and nothing happens any more.
  bool settled();
  unsigned told_failed() const noexcept { return told_failed_; }

 private:
  const std::shared_ptr<persistence::memory_disk> disk_;
  failing_store* store_ = nullptr;
  std::unique_ptr<node> node_;
  std::atomic<unsigned> told_failed_{0};
};

}  // namespace reprise::testing
