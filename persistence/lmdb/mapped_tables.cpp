#include "persistence/lmdb/mapped_tables.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <initializer_list>

#include "persistence/damage.hpp"

namespace reprise::persistence {

namespace internal {
namespace {

constexpr int exit_damaged = 70;

struct range {
  std::atomic<std::uintptr_t> first{0}, last{0};  // [first, last); 0, 0: free or unknown
  std::atomic<bool> taken{false};
  char path[4096] = {};
};

// Global, because a signal handler has no argument. Further stores are not named.
constinit std::array<range, 64> ranges{};

constinit thread_local const char* entered = nullptr;

[[noreturn]] void end_saying(std::initializer_list<const char*> parts) noexcept {
  for (const char* part : parts) {
    const auto ignored = ::write(STDERR_FILENO, part, std::strlen(part));
    static_cast<void>(ignored);
  }
  ::_exit(exit_damaged);
}

}  // namespace

mapped_tables::mapped_tables(const std::string& path) : slot_(0) {
  struct stat file {};
  if (::stat(path.c_str(), &file) != 0) file.st_ino = 0;
  std::uintptr_t first = 0, last = 0;
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    unsigned long long from = 0, to = 0, inode = 0;
    const int read = std::sscanf(line.c_str(), "%llx-%llx %*s %*s %*s %llu", &from, &to, &inode);
    if (read == 3 && inode == file.st_ino && line.ends_with("data.mdb")) first = from, last = to;
  }
  while (slot_ < ranges.size() && ranges[slot_].taken.exchange(true)) ++slot_;
  if (slot_ == ranges.size()) return;
  auto& mine = ranges[slot_];
  std::snprintf(mine.path, sizeof mine.path, "%s", path.c_str());
  mine.last = last;
  mine.first = first;
}

mapped_tables::~mapped_tables() {
  if (slot_ == ranges.size()) return;
  ranges[slot_].first = 0;
  ranges[slot_].last = 0;
  ranges[slot_].taken = false;
}

inside_tables::inside_tables(const char* path) noexcept { entered = path; }
inside_tables::~inside_tables() { entered = nullptr; }

void end_for_damage(const char* path, const char* how) noexcept {
  end_saying({"reprise: ", path, " is damaged (", how,
              "): look with `store check`, restore the folder from a backup\n"});
}

}  // namespace internal

void end_for_damage(const char* sentence) noexcept {
  internal::end_saying({"reprise: ", sentence, "\n"});
}

void end_if_in_tables(const void* address) noexcept {
  if (internal::entered != nullptr)
    internal::end_for_damage(internal::entered, "a page leads outside of itself");
  const auto at = reinterpret_cast<std::uintptr_t>(address);
  for (const auto& each : internal::ranges)
    if (at >= each.first && at < each.last)
      internal::end_for_damage(each.path, "a page leads outside of the file");
}

}  // namespace reprise::persistence
