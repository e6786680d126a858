// Opens gates in the order of their positions, one thread at a time: whoever comes first opens them, and
// those that join meanwhile.
//
// Threads: any. A callback behind a gate may close the node, so that one who opens touches nothing but
// what it shares with the rest.

#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "runtime/exec/callback.hpp"
#include "runtime/exec/executor.hpp"

namespace reprise::runtime {

enum class commit_outcome : std::uint8_t { durable, not_applied, unknown };

// Something that leaves the node once a position is durable, or hears why it never will be.
using gate = callback<commit_outcome>;

class outbox {
 public:
  explicit outbox(executor&);
  ~outbox();
  outbox(const outbox&) = delete;
  outbox& operator=(const outbox&) = delete;

  // The gates of one group, after those of earlier ones. True: nobody opens now, the caller must see
  // to it.
  [[nodiscard]] bool put(std::vector<gate>, commit_outcome);
  void open_on_pool();
  // On the caller's thread: whatever is the caller's may be gone when this returns.
  void open_here();

 private:
  struct group {
    std::vector<gate> gates;
    commit_outcome outcome;
  };
  struct shared {
    std::mutex mutex;
    std::deque<group> groups;
    bool opened = false;     // by a thread, or by a job that is posted
    executor* on = nullptr;  // none: the outbox is gone
  };
  static void open_all(shared&);

  executor& executor_;
  const std::shared_ptr<shared> shared_ = std::make_shared<shared>();
};

}  // namespace reprise::runtime
