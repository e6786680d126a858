#include "persistence/probe.hpp"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string>

#include "persistence/internal/file.hpp"
#include "persistence/internal/folder.hpp"

namespace reprise::persistence {

namespace {

using internal::file;
using internal::system_fault;

constexpr std::size_t flushes = 9;

// Without a name where the filesystem can do that, else with one that is taken away at once.
result<file> nameless_file(const std::string& folder) {
  auto nameless = file::open(folder, O_TMPFILE | O_RDWR);
  if (nameless || (errno != EOPNOTSUPP && errno != EISDIR && errno != ENOENT)) return nameless;
  const auto path = folder + "/.probe-" + std::to_string(::getpid());
  auto named = file::open(path, O_CREAT | O_EXCL | O_RDWR);
  if (named) ::unlink(path.c_str());
  return named;
}

}  // namespace

result<disk_figures> probe_disk(const std::string& folder) {
  struct statfs s {};
  if (::statfs(folder.c_str(), &s) != 0) return system_fault("look at", folder, errno);
  disk_figures figures;
  figures.filesystem = static_cast<std::uint64_t>(s.f_type);
  figures.is_network = internal::is_network_filesystem(figures.filesystem);
  figures.is_memory = s.f_type == TMPFS_MAGIC || s.f_type == RAMFS_MAGIC;
  figures.free_bytes = std::uint64_t{s.f_bavail} * static_cast<std::uint64_t>(s.f_bsize);
  const auto f = nameless_file(folder);
  if (!f) return f.error();
  std::array<std::chrono::nanoseconds, flushes> took{};
  const std::string page(4096, 'r');
  for (std::size_t i = 0; i < flushes; ++i) {
    int error = f->write(page, i * page.size());
    const auto begin = std::chrono::steady_clock::now();
    if (error == 0) error = f->sync_data();
    if (error != 0) return system_fault("write in", folder, error);
    took[i] = std::chrono::steady_clock::now() - begin;
  }
  std::sort(took.begin(), took.end());
  figures.flush = took[flushes / 2];
  return figures;
}

}  // namespace reprise::persistence
