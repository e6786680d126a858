#include "tests/kill/server_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>
#include <utility>

namespace reprise::kill {

server_process::server_process(std::string program, std::string folder)
    : program_(std::move(program)), folder_(std::move(folder)) {}

server_process::~server_process() { kill_now(); }

void server_process::start() {
  if (const int status = spawn(nullptr); status != 0)
    throw std::runtime_error("the server ended at start with status " + std::to_string(status) +
                             "; its log: " + folder_ + "/log");
}

bool server_process::start_to_die_at(const std::string& place) {
  const int status = spawn(place.c_str());
  if (status != 0 && status != 128 + SIGKILL)
    throw std::runtime_error("the server, to die at " + place + ", ended at start with status " +
                             std::to_string(status) + "; its log: " + folder_ + "/log");
  return status == 0;
}

bool server_process::dies_within(std::chrono::milliseconds patience) {
  pollfd output{output_, POLLIN, 0};  // ends with it
  if (::poll(&output, 1, static_cast<int>(patience.count())) == 0) return false;
  if (const int status = reap(); status != 128 + SIGKILL)
    throw std::runtime_error("the server ended with status " + std::to_string(status) +
                             "; its log: " + folder_ + "/log");
  return true;
}

int server_process::spawn(const char* kill_at) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  const std::string data = folder_ + "/data", ledger = folder_ + "/ledger", log = folder_ + "/log";
  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error("cannot fork");
  if (child == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    const int errors = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
    ::dup2(ends[1], STDOUT_FILENO);
    ::dup2(errors, STDERR_FILENO);
    ::setenv("REPRISE_LEDGER", ledger.c_str(), 1);
    if (kill_at) ::setenv("REPRISE_KILL_AT", kill_at, 1);
    ::execl(program_.c_str(), program_.c_str(), "serve", "--data", data.c_str(), "--port", "0",
            nullptr);
    ::_exit(127);
  }
  ::close(ends[1]);
  output_ = ends[0];
  pid_ = child;
  static constexpr char mark[] = "http://127.0.0.1:";
  std::string said;
  for (std::size_t at = 0;;) {
    at = said.find(mark);
    if (at != said.npos &&
        said.find_first_not_of("0123456789", at + sizeof mark - 1) != said.npos) {
      port_ = static_cast<std::uint16_t>(std::atoi(said.c_str() + at + sizeof mark - 1));
      break;
    }
    char buffer[512];
    const auto got = ::read(output_, buffer, sizeof buffer);
    if (got <= 0) {
      const int status = reap();
      return status == 0 ? -1 : status;  // none: it ended before it listened
    }
    said.append(buffer, static_cast<std::size_t>(got));
  }
  {
    std::lock_guard lock(mutex_);
    ++starts_;
  }
  started_.notify_all();
  return 0;
}

void server_process::kill_now() {
  if (pid_ == 0) return;
  ::kill(pid_, SIGKILL);
  reap();
}

int server_process::stop() {
  ::kill(pid_, SIGTERM);
  return reap();
}

int server_process::await_end() { return reap(); }

int server_process::reap() {
  int status = 0;
  ::waitpid(pid_, &status, 0);
  ::close(output_);
  pid_ = 0;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void server_process::await_start_after(unsigned seen) {
  std::unique_lock lock(mutex_);
  started_.wait_for(lock, std::chrono::seconds(1), [&] { return starts_ > seen; });
}

}  // namespace reprise::kill
