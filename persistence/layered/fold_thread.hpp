// Decides when to fold: a thread that sleeps until it is asked, or until the oldest write is old enough.
// Without writes it never wakes. While there is nothing to fold, it does background work in slices.
//
// Threads: `ask` and `ask_by` from any.

#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

namespace reprise::persistence::internal {

class fold_thread {
 public:
  enum class outcome { done, no_room };
  using clock = std::chrono::steady_clock;

  // Calls both functions on the thread. After `no_room`, calls `fold` again at growing intervals.
  // `beside` does one slice of background work and returns whether there is more.
  fold_thread(std::function<outcome()> fold, std::function<bool()> beside)
      : fold_(std::move(fold)), beside_(std::move(beside)) {}
  ~fold_thread() { stop(); }
  fold_thread(const fold_thread&) = delete;
  fold_thread& operator=(const fold_thread&) = delete;

  void ask();
  void ask_by(clock::time_point);
  // Waits for a fold in progress.
  void stop();

 private:
  void run();
  bool due() const { return stopped_ || asked_ || (by_ && clock::now() >= *by_); }

  std::function<outcome()> fold_;
  std::function<bool()> beside_;
  std::mutex mutex_;
  std::condition_variable ready_;
  bool stopped_ = false;
  bool asked_ = false;
  std::optional<clock::time_point> by_;
  std::thread thread_{[this] { run(); }};  // last: it uses the fields above
};

}  // namespace reprise::persistence::internal
