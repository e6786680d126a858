// When to fold: a thread that sleeps until it is asked, or until what was written is old enough.
// With nothing written it never wakes. While there is nothing to fold it does what else is to be
// done, a slice at a time.
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

  // Both are called on the thread. After `no_room` `fold` is called again, ever less often; `beside`
  // says whether it has more to do.
  fold_thread(std::function<outcome()> fold, std::function<bool()> beside)
      : fold_(std::move(fold)), beside_(std::move(beside)) {}
  ~fold_thread() { stop(); }
  fold_thread(const fold_thread&) = delete;
  fold_thread& operator=(const fold_thread&) = delete;

  void ask();
  void ask_by(clock::time_point);
  // Waits for a fold that is under way.
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
