#include "gateway/observe/line_log.hpp"

#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace reprise::gateway {

namespace {

int open_file(const std::string& path) {
  return ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640);
}

}  // namespace

result<std::shared_ptr<line_log>> line_log::open(const std::string& path) {
  const int file = open_file(path);
  if (file < 0)
    return failure{cause::invalid, "cannot write the log " + path + ": " + std::strerror(errno),
                   false};
  return std::shared_ptr<line_log>(new line_log(path, file));
}

line_log::line_log(std::string path, int file)
    : path_(std::move(path)), file_(file), thread_([this] { run(); }) {}

line_log::~line_log() {
  {
    const std::lock_guard hold(mutex_);
    ends_ = true;
  }
  changed_.notify_one();
  thread_.join();
  ::close(file_);
}

void line_log::append(std::string_view line) {
  {
    const std::lock_guard hold(mutex_);
    if (waiting_.size() + line.size() >= max_waiting) {
      dropped_.fetch_add(1, std::memory_order_relaxed);
      return;
    }
    waiting_.append(line).append("\n");
  }
  changed_.notify_one();
}

void line_log::reopen() {
  const std::lock_guard hold(mutex_);
  reopen_ = true;
}

void line_log::run() {
  ::pthread_setname_np(::pthread_self(), "line log");
  std::string lines;
  std::unique_lock lock(mutex_);
  while (!ends_ || !waiting_.empty()) {
    changed_.wait(lock, [this] { return ends_ || !waiting_.empty(); });
    lines.swap(waiting_);
    const bool anew = std::exchange(reopen_, false);
    lock.unlock();
    if (const int next = anew ? open_file(path_) : -1; next >= 0)
      ::close(std::exchange(file_, next));
    write(lines);
    lines.clear();
    lock.lock();
  }
}

void line_log::write(std::string_view lines) {
  while (!lines.empty()) {
    const auto n = ::write(file_, lines.data(), lines.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) {
      dropped_ += static_cast<std::uint64_t>(std::count(lines.begin(), lines.end(), '\n'));
      return;
    }
    lines.remove_prefix(static_cast<std::size_t>(n));
  }
}

}  // namespace reprise::gateway
