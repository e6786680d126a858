// A log file that is written by a thread of its own, so that no caller waits for the disk. If too many
// bytes wait, or a write fails, lines are dropped and counted.
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
  static constexpr std::size_t max_waiting = 4u << 20;  // bytes: about 15,000 requests

  static result<std::shared_ptr<line_log>> open(const std::string& path);
  ~line_log();  // writes all waiting lines

  void append(std::string_view line);
  // Reopens the file before the next line, after a log rotation has renamed it.
  void reopen();
  std::uint64_t dropped() const noexcept { return dropped_.load(std::memory_order_relaxed); }

  line_log(const line_log&) = delete;
  line_log& operator=(const line_log&) = delete;

 private:
  line_log(std::string path, int file);
  void run();
  void write(std::string_view lines);

  const std::string path_;
  int file_;  // used by the thread only
  std::atomic<std::uint64_t> dropped_{0};
  std::mutex mutex_;
  std::condition_variable changed_;
  std::string waiting_;
  bool reopen_ = false;
  bool ends_ = false;
  std::thread thread_;
};

}  // namespace reprise::gateway
