// A disk that fails when told: loaded into the server with LD_PRELOAD. The file named by
// REPRISE_BAD_DISK says how: "full" refuses every write to the commit log, "broken" every flush of
// it, "unfolded" every flush of the tables; without the file nothing is changed.

#include <dlfcn.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

bool fails_by(const char* how) {
  static const char* const path = std::getenv("REPRISE_BAD_DISK");
  if (!path) return false;
  const int file = ::open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  char said[16] = {};
  const auto got = ::read(file, said, sizeof said - 1);
  ::close(file);
  return got > 0 && std::strcmp(said, how) == 0;
}

bool is_of(int descriptor, const char* part) {
  char link[64], target[4096] = {};
  std::snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  return ::readlink(link, target, sizeof target - 1) > 0 && std::strstr(target, part);
}
bool is_log(int descriptor) { return is_of(descriptor, ".segment"); }
bool is_tables(int descriptor) { return is_of(descriptor, "data.mdb"); }

// What takes back a frame that was not written whole: it needs no room.
bool is_zeros(const void* bytes, size_t size) {
  const auto* at = static_cast<const char*>(bytes);
  return std::all_of(at, at + size, [](char c) { return c == 0; });
}

template <class F>
F* next(const char* name) {
  return reinterpret_cast<F*>(::dlsym(RTLD_NEXT, name));
}

}  // namespace

extern "C" ssize_t pwrite64(int descriptor, const void* bytes, size_t size, off64_t at) {
  static auto* const real = next<ssize_t(int, const void*, size_t, off64_t)>("pwrite64");
  if (!is_zeros(bytes, size) && fails_by("full") && is_log(descriptor)) return errno = ENOSPC, -1;
  return real(descriptor, bytes, size, at);
}

extern "C" ssize_t pwrite(int descriptor, const void* bytes, size_t size, off_t at) {
  return pwrite64(descriptor, bytes, size, at);
}

extern "C" int fdatasync(int descriptor) {
  static auto* const real = next<int(int)>("fdatasync");
  if (fails_by("broken") && is_log(descriptor)) return errno = EIO, -1;
  if (fails_by("unfolded") && is_tables(descriptor)) return errno = EIO, -1;
  return real(descriptor);
}
