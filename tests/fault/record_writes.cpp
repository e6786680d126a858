// Loaded into the server with LD_PRELOAD: records in the file REPRISE_TRACE what is done to files
// below the folder REPRISE_TRACED (trace.hpp). Nothing is changed.
//
// The lock file of LMDB and the crash slate are left out: they are mapped, never flushed, and made
// anew by an opening that nobody shares.

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

#include "tests/fault/trace.hpp"

namespace {

using namespace reprise::fault;

template <class F>
F* next(const char* name) {
  return reinterpret_cast<F*>(::dlsym(RTLD_NEXT, name));
}

std::string_view traced_folder() {
  static const char* const folder = std::getenv("REPRISE_TRACED");
  return folder ? folder : "";
}

bool is_traced(std::string_view path) {
  const auto folder = traced_folder();
  if (folder.empty() || !path.starts_with(folder)) return false;
  const auto below = path.substr(folder.size());
  return (below.empty() || below.front() == '/') && !below.ends_with("lock.mdb") &&
         below != "/crashes";
}

void record(const entry_head& head, std::string_view path = {}, std::string_view data = {}) {
  static const int trace = [] {
    static auto* const real = next<int(const char*, int, ...)>("open");
    const char* path_of = std::getenv("REPRISE_TRACE");
    return path_of ? real(path_of, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644) : -1;
  }();
  // A trace with a hole would accuse the wrong one.
  if (trace >= 0 && append(trace, head, path, data) != 0) std::_Exit(99);
}

// The path of an open file of the traced folder, or of the folder that it stands in; or "".
std::string path_of(int descriptor) {
  char link[64], target[4096];
  std::snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  const auto size = ::readlink(link, target, sizeof target);
  if (size <= 0) return {};
  const std::string_view path(target, static_cast<std::size_t>(size));
  const bool holds_it = path == traced_folder().substr(0, traced_folder().rfind('/'));
  return holds_it || is_traced(path) ? std::string(path) : std::string();
}

std::uint64_t inode_of(int descriptor) {
  struct stat s {};
  return ::fstat(descriptor, &s) == 0 ? s.st_ino : 0;
}

bool is_through(int descriptor) { return (::fcntl(descriptor, F_GETFL) & O_DSYNC) != 0; }

void record_write(int descriptor, std::string_view bytes, off_t at) {
  entry_head head;
  head.inode = inode_of(descriptor);
  head.offset = static_cast<std::uint64_t>(at);
  head.size = bytes.size();
  const bool zeros = std::all_of(bytes.begin(), bytes.end(), [](char c) { return c == 0; });
  head.what = zeros ? act::zeros : act::write;
  record(head, {}, zeros ? std::string_view() : bytes);
}

// Does `real`, which gives how much was written, and records it where it belongs.
template <class Real>
ssize_t write_at(int descriptor, std::string_view bytes, off_t at, const Real& real) {
  if (path_of(descriptor).empty()) return real();
  const bool through = is_through(descriptor);
  if (through) record_write(descriptor, bytes, at);
  const auto done = real();
  if (done > 0 && !through)
    record_write(descriptor, bytes.substr(0, static_cast<std::size_t>(done)), at);
  if (done > 0 && through) record({.inode = inode_of(descriptor), .what = act::through});
  return done;
}

int open_file(const char* path, int flags, mode_t mode) {
  static auto* const real = next<int(const char*, int, ...)>("open");
  if ((flags & (O_CREAT | O_TRUNC)) == 0 || !is_traced(path)) return real(path, flags, mode);
  struct stat before {};
  const bool was_there = ::stat(path, &before) == 0;
  const int descriptor = real(path, flags, mode);
  if (descriptor < 0) return descriptor;
  if (!was_there)
    record({.inode = inode_of(descriptor), .what = act::create}, path);
  else if ((flags & O_TRUNC) != 0)
    record({.inode = before.st_ino, .what = act::resize});
  return descriptor;
}

template <class Real>
int flush_with(int descriptor, const Real& real) {
  const auto path = path_of(descriptor);
  if (path.empty()) return real(descriptor);
  const auto inode = inode_of(descriptor);
  record({.inode = inode, .what = act::flush}, path);
  const int failed = real(descriptor);
  if (failed == 0) record({.inode = inode, .what = act::flushed}, path);
  return failed;
}

}  // namespace

extern "C" {

int open(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const auto mode = (flags & O_CREAT) != 0 ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  return open_file(path, flags, mode);
}

int open64(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const auto mode = (flags & O_CREAT) != 0 ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  return open_file(path, flags, mode);
}

ssize_t pwrite(int descriptor, const void* bytes, size_t size, off_t at) {
  static auto* const real = next<ssize_t(int, const void*, size_t, off_t)>("pwrite");
  return write_at(descriptor, {static_cast<const char*>(bytes), size}, at,
                  [&] { return real(descriptor, bytes, size, at); });
}

ssize_t pwrite64(int descriptor, const void* bytes, size_t size, off64_t at) {
  return pwrite(descriptor, bytes, size, at);
}

ssize_t write(int descriptor, const void* bytes, size_t size) {
  static auto* const real = next<ssize_t(int, const void*, size_t)>("write");
  return write_at(descriptor, {static_cast<const char*>(bytes), size},
                  ::lseek(descriptor, 0, SEEK_CUR), [&] { return real(descriptor, bytes, size); });
}

ssize_t writev(int descriptor, const iovec* parts, int count) {
  static auto* const real = next<ssize_t(int, const iovec*, int)>("writev");
  if (path_of(descriptor).empty()) return real(descriptor, parts, count);
  std::string bytes;
  for (int i = 0; i < count; ++i)
    bytes.append(static_cast<const char*>(parts[i].iov_base), parts[i].iov_len);
  return write_at(descriptor, bytes, ::lseek(descriptor, 0, SEEK_CUR),
                  [&] { return real(descriptor, parts, count); });
}

int fdatasync(int descriptor) {
  static auto* const real = next<int(int)>("fdatasync");
  return flush_with(descriptor, real);
}

int fsync(int descriptor) {
  static auto* const real = next<int(int)>("fsync");
  return flush_with(descriptor, real);
}

int ftruncate(int descriptor, off_t size) {
  static auto* const real = next<int(int, off_t)>("ftruncate");
  const int failed = real(descriptor, size);
  if (failed == 0 && !path_of(descriptor).empty())
    record({.inode = inode_of(descriptor),
            .size = static_cast<std::uint64_t>(size),
            .what = act::resize});
  return failed;
}

int rename(const char* from, const char* to) {
  static auto* const real = next<int(const char*, const char*)>("rename");
  const int failed = real(from, to);
  if (failed == 0 && is_traced(from)) record({.what = act::rename}, from, to);
  return failed;
}

int unlink(const char* path) {
  static auto* const real = next<int(const char*)>("unlink");
  const int failed = real(path);
  if (failed == 0 && is_traced(path)) record({.what = act::unlink}, path);
  return failed;
}

int mkdir(const char* path, mode_t mode) {
  static auto* const real = next<int(const char*, mode_t)>("mkdir");
  const int failed = real(path, mode);
  if (failed == 0 && is_traced(path)) record({.what = act::make_folder}, path);
  return failed;
}
}
