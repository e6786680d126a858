#include "tests/fault/bad_calls.hpp"

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <mutex>
#include <string_view>

namespace reprise::fault {

namespace {

std::mutex mutex;  // of these two
bad_calls told;
unsigned seen = 0;

template <class F>
F* next(const char* name) {
  return reinterpret_cast<F*>(::dlsym(RTLD_NEXT, name));
}

bool is_below(std::string_view path) { return !told.below.empty() && path.starts_with(told.below); }

// Is it one that fails? It is counted.
bool fails(call which, std::string_view path) {
  const std::scoped_lock lock(mutex);
  if (which != told.which || !is_below(path)) return false;
  ++seen;
  return told.first != 0 && seen >= told.first && seen - told.first < told.times;
}

bool fails(call which, int descriptor) {
  char link[64], target[4096];
  std::snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  const auto size = ::readlink(link, target, sizeof target);
  return size > 0 && fails(which, std::string_view(target, static_cast<std::size_t>(size)));
}

// Half of it, or an error.
template <class Write>
ssize_t fail_write(std::size_t size, const Write& write) {
  if (told.error != 0) return errno = told.error, -1;
  return size < 2 ? 0 : write(size / 2);
}

int fail_call() { return errno = told.error, -1; }

}  // namespace

void arm(const bad_calls& how) {
  const std::scoped_lock lock(mutex);
  told = how;
  seen = 0;
}

unsigned disarm() {
  const std::scoped_lock lock(mutex);
  told = {};
  return seen;
}

}  // namespace reprise::fault

using namespace reprise::fault;

extern "C" {

ssize_t pwrite(int descriptor, const void* bytes, size_t size, off_t at) {
  static auto* const real = next<ssize_t(int, const void*, size_t, off_t)>("pwrite");
  const auto write = [&](size_t n) { return real(descriptor, bytes, n, at); };
  return fails(call::write, descriptor) ? fail_write(size, write) : write(size);
}

ssize_t writev(int descriptor, const iovec* parts, int count) {
  static auto* const real = next<ssize_t(int, const iovec*, int)>("writev");
  if (!fails(call::write, descriptor)) return real(descriptor, parts, count);
  return fail_write(parts->iov_len, [&](size_t n) {
    const iovec first{parts->iov_base, n};
    return real(descriptor, &first, 1);
  });
}

int fdatasync(int descriptor) {
  static auto* const real = next<int(int)>("fdatasync");
  return fails(call::flush, descriptor) ? fail_call() : real(descriptor);
}

int fsync(int descriptor) {
  static auto* const real = next<int(int)>("fsync");
  return fails(call::flush, descriptor) ? fail_call() : real(descriptor);
}

int posix_fallocate(int descriptor, off_t from, off_t size) {
  static auto* const real = next<int(int, off_t, off_t)>("posix_fallocate");
  return fails(call::allocate, descriptor) ? told.error : real(descriptor, from, size);
}

int open(const char* path, int flags, ...) {
  static auto* const real = next<int(const char*, int, ...)>("open");
  std::va_list rest;
  va_start(rest, flags);
  const auto mode = va_arg(rest, mode_t);
  va_end(rest);
  return fails(call::open, path) ? fail_call() : real(path, flags, mode);
}

}  // extern "C"
