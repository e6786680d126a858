#include "persistence/probe.hpp"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <functional>
#include <string>
#include <system_error>

#include "persistence/folder/file.hpp"
#include "persistence/folder/folder.hpp"
#include "persistence/lmdb/tables.hpp"
#include "persistence/lmdb_store.hpp"

namespace reprise::persistence {

namespace {

using internal::file;
using internal::system_fault;

namespace fs = std::filesystem;

constexpr std::size_t flushes = 9;

// Visits entries until `use` returns false. Entries that appear or disappear meanwhile may be missed.
void each_part(const std::string& folder,
               const std::function<bool(const fs::directory_entry&)>& use) {
  std::error_code error;
  for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end;
       at.increment(error))
    if (!use(*at)) return;
}

// Opens an unnamed file where the filesystem supports that, otherwise a named one that is unlinked at once.
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

std::uint64_t bytes_below(const std::string& folder) {
  std::uint64_t sum = 0;
  each_part(folder, [&](const fs::directory_entry& part) {
    std::error_code gone;  // a log segment that was just removed
    const auto size = part.file_size(gone);
    if (!gone) sum += size;
    return true;
  });
  return sum;
}

result<store_figures> probe_store(const std::string& folder) {
  store_figures figures;
  each_part(folder, [&](const fs::directory_entry& part) {
    const auto path = part.path().string();
    if (::eaccess(path.c_str(), R_OK | W_OK) != 0 && errno == EACCES) figures.locked_out = path;
    return figures.locked_out.empty();
  });
  if (!figures.locked_out.empty()) return figures;
  if (const auto id = internal::folder_id(folder); !id) return id.error();
  auto on_disk = internal::tables::open(folder + "/tables", lmdb_options{}.map_bytes,
                                        internal::tables::access::beside_a_writer);
  if (!on_disk) return std::move(on_disk).error();
  const auto readers = (*on_disk)->readers();
  figures.gone_readers = readers.gone;
  figures.reader = readers.process;
  figures.behind = readers.behind;
  return figures;
}

}  // namespace reprise::persistence
