#include "tests/gateway/process.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <stdexcept>

extern char** environ;

namespace reprise::gateway_test {

namespace {

// Both ends: what is read here, and where it is written.
bool open_terminal(int ends[2]) {
  char name[64];
  ends[0] = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (ends[0] < 0 || ::grantpt(ends[0]) != 0 || ::unlockpt(ends[0]) != 0 ||
      ::ptsname_r(ends[0], name, sizeof name) != 0)
    return false;
  ends[1] = ::open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
  return ends[1] >= 0;
}

}  // namespace

process::process(std::vector<std::string> arguments, errors_to where) {
  int out[2], err[2];
  if (::pipe2(out, O_CLOEXEC) != 0 ||
      !(where == errors_to::terminal ? open_terminal(err) : ::pipe2(err, O_CLOEXEC) == 0))
    throw std::runtime_error("pipe");
  std::vector<char*> argv;
  for (auto& a : arguments) argv.push_back(a.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, out[1], 1);
  ::posix_spawn_file_actions_adddup2(&actions, err[1], 2);
  const int failed = ::posix_spawn(&child_, argv[0], &actions, nullptr, argv.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  ::close(out[1]);
  ::close(err[1]);
  out_ = out[0];
  err_ = err[0];
  if (failed != 0) throw std::runtime_error("posix_spawn " + arguments[0]);
}

process::~process() {
  if (child_ > 0) {
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
  }
  ::close(out_);
  ::close(err_);
}

namespace {
std::string line_of(int from) {
  std::string text;
  for (char c; ::read(from, &c, 1) == 1 && c != '\n';) text += c;
  return text;
}
}  // namespace

std::string process::line() { return line_of(out_); }
std::string process::error_line() { return line_of(err_); }

void process::signal(int number) const { ::kill(child_, number); }

int process::end() {
  int status = 0;
  ::waitpid(child_, &status, 0);
  child_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

namespace {
std::string all_of(int from) {
  std::string text;
  char bytes[4096];
  for (ssize_t n = 0; (n = ::read(from, bytes, sizeof bytes)) > 0;)
    text.append(bytes, static_cast<std::size_t>(n));
  return text;
}
}  // namespace

std::string process::out() { return all_of(out_); }
std::string process::err() { return all_of(err_); }

}  // namespace reprise::gateway_test
