// A few threads that run blocking work, first come first served.

#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace reprise::persistence::internal {

class loaders {
 public:
  explicit loaders(unsigned threads);
  // Ends the threads after their current work; `stop` returns the queued work undone.
  ~loaders() { stop(); }
  loaders(const loaders&) = delete;
  loaders& operator=(const loaders&) = delete;

  void post(std::function<void()> work);
  std::deque<std::function<void()>> stop();

 private:
  void run();

  std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<std::function<void()>> queue_;
  bool stopped_ = false;
  std::vector<std::thread> threads_;  // last: they use the fields above
};

}  // namespace reprise::persistence::internal
