// The real server as a child process: started, killed, and restarted on the same folder.
//
// Threads: `start`, `kill_now`, `stop` and `await_end` from one; the rest from any.

#pragma once

#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>

namespace reprise::kill {

class server_process {
 public:
  // `program` serves `folder`/data; its activities write `folder`/ledger, its log is `folder`/log.
  server_process(std::string program, std::string folder);
  ~server_process();  // kills

  // Returns once it listens; throws std::runtime_error if it ends before.
  void start();
  // Returns 0 once it listens, otherwise its end as in `stop`.
  int start_or_end() { return spawn(nullptr); }
  // The same for a server that kills itself at a kill point (persistence/kill_point.hpp). False if
  // it died before it listened.
  bool start_to_die_at(const std::string& place);
  // Waits until it has killed itself, up to the given time; false if it has not.
  bool dies_within(std::chrono::milliseconds);
  void kill_now();  // SIGKILL, and waits until it is gone
  int stop();       // SIGTERM; gives the exit status, or 128 + signal
  int await_end();  // the same, of one that ends by itself

  std::uint16_t port() const noexcept { return port_.load(); }
  pid_t pid() const noexcept { return pid_.load(); }
  unsigned starts() const noexcept { return starts_.load(); }
  // Waits until there was a start after the `seen`-th, at most a second.
  void await_start_after(unsigned seen);

  const std::string& folder() const noexcept { return folder_; }

 private:
  int spawn(const char* kill_at);  // 0 when it listens, else its end
  int reap();

  std::string program_, folder_;
  std::atomic<pid_t> pid_{0};
  std::atomic<std::uint16_t> port_{0};
  std::atomic<unsigned> starts_{0};
  int output_ = -1;  // its standard output
  std::mutex mutex_;
  std::condition_variable started_;
};

}  // namespace reprise::kill
