// Loaded into the server with LD_PRELOAD: the wall clock, moved by as many seconds as the eight bytes
// of the file REPRISE_CLOCK_SHIFT say at that moment. The steady clock stays.

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>

namespace {

const volatile std::int64_t* map_shift() {
  static constexpr std::int64_t none = 0;
  const char* path = std::getenv("REPRISE_CLOCK_SHIFT");
  const int file = path ? ::open(path, O_RDONLY | O_CLOEXEC) : -1;
  if (file < 0) return &none;
  void* at = ::mmap(nullptr, sizeof none, PROT_READ, MAP_SHARED, file, 0);
  ::close(file);
  return at == MAP_FAILED ? &none : static_cast<const volatile std::int64_t*>(at);
}

}  // namespace

extern "C" int clock_gettime(clockid_t which, timespec* now) {
  static auto* const real =
      reinterpret_cast<int (*)(clockid_t, timespec*)>(::dlsym(RTLD_NEXT, "clock_gettime"));
  static const auto* const shift = map_shift();
  const int failed = real(which, now);
  if (failed == 0 && which == CLOCK_REALTIME) now->tv_sec += *shift;
  return failed;
}
