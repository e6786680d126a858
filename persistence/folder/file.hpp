// An owned file descriptor, complete reads and writes, and faults that name the path and the reason.

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "persistence/errc.hpp"

namespace reprise::persistence::internal {

// Returns whether this errno means that the disk or the quota is full.
bool is_full(int error) noexcept;

// Makes the fault "cannot VERB PATH: REASON", with code `full` for a full disk and `io` otherwise.
fault system_fault(std::string_view verb, const std::string& path, int error);

// Returns how much this process may still write on the filesystem of `path`; the maximum if unknown.
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
  // Flushes a directory, so that names created or changed in it are durable.
  static result<void> sync_folder(const std::string& path);

  // Writes all bytes or fails; returns 0 or an errno. On failure, `done` is set to how many bytes
  // were written. A write that returns 0 counts as a full disk.
  int write(std::string_view bytes, std::uint64_t at, std::size_t* done = nullptr) const noexcept;
  int sync_data() const noexcept;
  // Returns at most `size` bytes from offset `at`; fewer at the end of the file.
  result<std::string> read(std::size_t size, std::uint64_t at) const;
  result<std::size_t> read(std::span<char> to, std::uint64_t at) const;  // returns how many
  result<std::uint64_t> size() const;

  // Returns the same open file under its new name.
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
