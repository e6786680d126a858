#include "persistence/folder/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace reprise::persistence::internal {

bool is_full(int error) noexcept { return error == ENOSPC || error == EDQUOT; }

fault system_fault(std::string_view verb, const std::string& path, int error) {
  auto text = "cannot " + std::string(verb) + " " + path + ": " + std::strerror(error);
  if (is_full(error)) return {errc::full, text + "; make room and try again"};
  if (error == EACCES || error == EPERM) text += "; check the owner and the mode of the folder";
  return {errc::io, std::move(text)};
}

std::uint64_t free_bytes(const std::string& path) noexcept {
  struct statvfs s {};
  if (::statvfs(path.c_str(), &s) != 0) return ~std::uint64_t{0};
  return std::uint64_t{::geteuid() == 0 ? s.f_bfree : s.f_bavail} * s.f_frsize;
}

file::~file() {
  if (fd_ >= 0) ::close(fd_);
}

result<file> file::open(std::string path, int flags) {
  file f;
  f.fd_ = ::open(path.c_str(), flags | O_CLOEXEC, 0644);
  if (f.fd_ < 0) return system_fault("open", path, errno);
  f.path_ = std::move(path);
  return f;
}

result<void> file::sync_folder(const std::string& path) {
  auto folder = open(path, O_RDONLY | O_DIRECTORY);
  if (!folder) return folder.error();
  if (::fsync(folder->fd_) != 0) return system_fault("flush", path, errno);
  return {};
}

int file::write(std::string_view bytes, std::uint64_t at, std::size_t* done) const noexcept {
  const auto all = bytes.size();
  int error = 0;
  while (!bytes.empty() && error == 0) {
    const auto taken = ::pwrite(fd_, bytes.data(), bytes.size(), static_cast<off_t>(at));
    if (taken < 0 && errno == EINTR) continue;
    if (taken <= 0) {
      error = taken < 0 ? errno : ENOSPC;
    } else {
      bytes.remove_prefix(static_cast<std::size_t>(taken));
      at += static_cast<std::uint64_t>(taken);
    }
  }
  if (done != nullptr) *done = all - bytes.size();
  return error;
}

int file::sync_data() const noexcept { return ::fdatasync(fd_) == 0 ? 0 : errno; }

result<std::string> file::read(std::size_t size, std::uint64_t at) const {
  std::string bytes(size, '\0');
  const auto have = read(bytes, at);
  if (!have) return have.error();
  bytes.resize(*have);
  return bytes;
}

result<std::size_t> file::read(std::span<char> to, std::uint64_t at) const {
  std::size_t have = 0;
  while (have < to.size()) {
    const auto got =
        ::pread(fd_, to.data() + have, to.size() - have, static_cast<off_t>(at + have));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return system_fault("read", path_, errno);
    if (got == 0) break;
    have += static_cast<std::size_t>(got);
  }
  return have;
}

result<std::uint64_t> file::size() const {
  struct stat s {};
  if (::fstat(fd_, &s) != 0) return system_fault("look at", path_, errno);
  return static_cast<std::uint64_t>(s.st_size);
}

}  // namespace reprise::persistence::internal
