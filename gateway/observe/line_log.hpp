// A file to which lines are appended by a thread of its own, so that nobody who has something to say
// waits for the disk. When more waits than a limit, or the disk takes no more, lines are dropped and
// counted.
//
// Threads: any. Failure: cause::invalid, naming the file.

#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "actors/failure.hpp"

namespace reprise::gateway {

class line_log {
 public:
  static constexpr std::size_t max_waiting = 4u << 20;  // bytes: some 15,000 requests

  static result<std::shared_ptr<line_log>> open(const std::string& path);
  ~line_log();  // writes what waits

  void append(std::string_view line);
  // The file is opened anew before the next line: whoever rotates logs has moved it away.
  void reopen();
  std::uint64_t dropped() const noexcept { return dropped_.load(std::memory_order_relaxed); }

  line_log(const line_log&) = delete;
  line_log& operator=(const line_log&) = delete;

 private:
  line_log(std::string path, int file);
  void run();
  void write(std::string_view lines);

  const std::string path_;
  int file_;  // the thread's own
  std::atomic<std::uint64_t> dropped_{0};
  std::mutex mutex_;
  std::condition_variable changed_;
  std::string waiting_;
  bool reopen_ = false;
  bool ends_ = false;
  std::thread thread_;
};

}  // namespace reprise::gateway
