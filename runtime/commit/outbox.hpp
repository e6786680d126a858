// Gates: how nothing leaves the node before it is durable.
//
// Whoever lets something out of the node (an answer to HTTP or to an embedder, the start of an activity,
// an event stream, a span, a logged line) wraps it in a gate and hangs the gate on a position of the log:
// `transition::leave` on its own position, `commit_log::when_durable` on any horizon. A gate is called once:
// with `durable` when everything up to that position is on the disk, so a crash cannot take back what the
// outside then sees; with `not_applied` or `unknown` when the commit failed, and then it lets nothing out
// but that failure. What stays inside the node (messages, timers, the next turn) needs no gate: a crash
// loses it together with what it depends on.
//
// The outbox opens the gates of committed groups in the order of their positions, on one thread at a time:
// the thread that starts opening also opens what arrives meanwhile.
//
// Threads: any. A gate's callback may close the node, so the opening thread uses only the shared state.

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

using gate = callback<commit_outcome>;

class outbox {
 public:
  explicit outbox(executor&);
  ~outbox();
  outbox(const outbox&) = delete;
  outbox& operator=(const outbox&) = delete;

  // Queues the gates of one group. True: no thread is opening gates, and the caller must call one of
  // `open_*`.
  [[nodiscard]] bool put(std::vector<gate>, commit_outcome);
  void open_on_pool();
  // Opens on the calling thread. The caller's own objects may be destroyed when this returns.
  void open_here();

 private:
  struct group {
    std::vector<gate> gates;
    commit_outcome outcome;
  };
  struct shared {
    std::mutex mutex;
    std::deque<group> groups;
    bool opened = false;     // a thread is opening, or a job that will is posted
    executor* on = nullptr;  // null: the outbox is gone
  };
  static void open_all(shared&);

  executor& executor_;
  const std::shared_ptr<shared> shared_ = std::make_shared<shared>();
};

}  // namespace reprise::runtime
