// A file descriptor that is closed, whole reads and writes, and faults with the path and the
// reason.

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "persistence/errc.hpp"

namespace reprise::persistence::internal {

// Is it errno's way of saying that the disk or the quota is full?
bool is_full(int error) noexcept;

// "cannot VERB PATH: REASON", `full` for a full disk and `io` otherwise.
fault system_fault(std::string_view verb, const std::string& path, int error);

// What this process may still write on the filesystem that `path` is on; as much as
// one likes when that cannot be told.
std::uint64_t free_bytes(const std::string& path) noexcept;

class file {
 public:
  file() = default;
  file(file&& from) noexcept : fd_(std::exchange(from.fd_, -1)), path_(std::move(from.path_)) {}
  file& operator=(file&& from) noexcept {
    std::swap(fd_, from.fd_);
    std::swap(path_, from.path_);
    return *this;
  }
  ~file();

  static result<file> open(std::string path, int flags);
  // The directory, so that names made or changed in it are durable.
  static result<void> sync_folder(const std::string& path);

  // 0 or errno. A write is done whole or fails; `done` is then told how much of it is there. A disk
  // that takes nothing and says nothing is full.
  int write(std::string_view bytes, std::uint64_t at, std::size_t* done = nullptr) const noexcept;
  int sync_data() const noexcept;
  // The bytes from `at` on, at most `size`; fewer at the end of the file.
  result<std::string> read(std::size_t size, std::uint64_t at) const;
  result<std::size_t> read(std::span<char> to, std::uint64_t at) const;  // how many
  result<std::uint64_t> size() const;

  // The same open file under the name that it has now.
  file renamed(std::string path) && {
    path_ = std::move(path);
    return std::move(*this);
  }

  int descriptor() const noexcept { return fd_; }
  const std::string& path() const noexcept { return path_; }

 private:
  int fd_ = -1;
  std::string path_;
};

}  // namespace reprise::persistence::internal
