#include "persistence/folder/folder.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <random>
#include <string_view>
#include <system_error>

namespace reprise::persistence::internal {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view first_line = "reprise data folder\n";
constexpr std::array<std::string_view, 3> before_format{"lock", "format.new", "lost+found"};

// Returns whether the folder has anything that an interrupted first opening would not have left.
result<bool> is_foreign(const std::string& path) {
  std::error_code error;
  bool other = false;
  for (fs::directory_iterator at(path, error), end; !error && at != end; at.increment(error)) {
    const auto name = at->path().filename().string();
    if (name == "format") return false;
    if (std::find(before_format.begin(), before_format.end(), name) == before_format.end())
      other = true;
  }
  if (error) return system_fault("list", path, error.value());
  return other;
}

// Selects the remedy in errors: code that only looks at a folder can use a copy, and not a new one.
enum class folder_use { serving, looking };

fault foreign(const std::string& path, const std::string& why, folder_use to) {
  return {errc::foreign,
          path + " is not a data folder of reprise (" + why + "); it was left as it is. Name " +
              (to == folder_use::serving ? "an empty or a new folder"
                                         : "one that a server has served, or that a backup made")};
}

result<void> require_local(const std::string& path) {
  struct statfs s {};
  if (::statfs(path.c_str(), &s) != 0) return system_fault("look at", path, errno);
  if (is_network_filesystem(static_cast<std::uint64_t>(s.f_type)))
    return fault{errc::network_fs,
                 path +
                     " is on a network filesystem, where locks and flushes cannot be "
                     "relied on. Use a folder on a local disk"};
  return {};
}

result<file> take_lock(const std::string& path, folder_use to) {
  auto lock = file::open(path + "/lock", O_CREAT | O_RDWR);
  if (!lock) return std::move(lock).error();
  if (::flock(lock->descriptor(), LOCK_EX | LOCK_NB) == 0) return std::move(*lock);
  if (errno != EWOULDBLOCK) return system_fault("lock", lock->path(), errno);
  return fault{
      errc::locked,
      path +
          " is in use: another process, or another node of this one, has it. "
          "Stop that one first, or " +
          (to == folder_use::serving ? "name another folder"
                                     : "make a copy of it with `store backup` and name that")};
}

// Returns a segment size small enough that the log, its spares and what is being folded leave room
// for the tables.
std::size_t segment_bytes_on(const std::string& path) {
  const auto fits = std::bit_floor(static_cast<std::size_t>(free_bytes(path) / 32));
  return std::clamp(fits, smallest_segment, limits::segment_bytes);
}

// The content of the file `format`.
struct stored_format {
  std::uint64_t id = 0;
  std::size_t segment_bytes = limits::segment_bytes;
};

result<stored_format> write_format(const std::string& path) {
  std::random_device random;
  const auto size = segment_bytes_on(path);
  const auto id = std::uint64_t{random()} << 32 | random();
  std::array<char, 17> hex{};
  std::snprintf(hex.data(), hex.size(), "%016llx", static_cast<unsigned long long>(id));
  const auto fresh = path + "/format.new";
  const auto text = std::string(first_line) + "format " + std::to_string(folder_format) + "\nid " +
                    hex.data() + "\nsegment " + std::to_string(size) + "\n";
  auto f = file::open(fresh, O_CREAT | O_TRUNC | O_RDWR);
  if (!f) return std::move(f).error();
  if (const int error = f->write(text, 0); error != 0) return system_fault("write", fresh, error);
  if (::fsync(f->descriptor()) != 0) return system_fault("flush", fresh, errno);
  if (::rename(fresh.c_str(), (path + "/format").c_str()) != 0)
    return system_fault("rename", fresh, errno);
  for (const auto& made_in : {path, fs::absolute(path).parent_path().string()})
    if (auto synced = file::sync_folder(made_in); !synced) return synced.error();
  return stored_format{id, size};
}

// Reads the number after `word` in `text`.
template <class T>
bool read_number(std::string_view text, std::string_view word, int radix, T& number) {
  const auto at = text.find(word);
  if (at == text.npos) return false;
  const auto* from = text.data() + at + word.size();
  return std::from_chars(from, text.data() + text.size(), number, radix).ec == std::errc();
}

result<stored_format> read_format(const std::string& path, folder_use to) {
  const auto name = path + "/format";
  auto f = file::open(name, O_RDONLY);
  if (!f) return std::move(f).error();
  const auto text = f->read(4096, 0);
  if (!text) return text.error();
  if (!text->starts_with(first_line)) return foreign(path, name + " does not begin as ours do", to);
  unsigned format = 0;
  stored_format found;
  if (!read_number(*text, "\nformat ", 10, format) || format == 0)
    return fault{errc::corrupt, name + " is damaged. Restore it from a backup"};
  if (format > folder_format)
    return fault{errc::newer, path + " has format " + std::to_string(format) +
                                  ", this program knows up to " + std::to_string(folder_format) +
                                  ". Use the newer version that wrote it"};
  if (!read_number(*text, "\nid ", 16, found.id))
    return fault{errc::corrupt, name + " is damaged. Restore it from a backup"};
  // Folders from before this line was added have the largest size.
  if (std::size_t size = 0; read_number(*text, "\nsegment ", 10, size))
    found.segment_bytes = std::clamp(size, smallest_segment, limits::segment_bytes);
  return found;
}

result<void> use_format(data_folder& folder, const result<stored_format>& format) {
  if (!format) return format.error();
  folder.id = format->id;
  folder.segment_bytes = format->segment_bytes;
  return {};
}

result<std::uint64_t> id_of(const std::string& path, folder_use to) {
  struct stat s {};
  if (::stat(path.c_str(), &s) != 0) return system_fault("open", path, errno);
  if (!S_ISDIR(s.st_mode)) return foreign(path, "it is a file", to);
  if (auto local = require_local(path); !local) return local.error();
  if (::access((path + "/format").c_str(), F_OK) != 0)
    return foreign(path, "it has no file named format", to);
  const auto format = read_format(path, to);
  if (!format) return format.error();
  return format->id;
}

result<data_folder> open_existing(const std::string& path, folder_use to) {
  if (auto known = id_of(path, to); !known) return known.error();
  data_folder folder;
  folder.path = path;
  auto lock = take_lock(path, to);
  if (!lock) return std::move(lock).error();
  folder.lock = std::move(*lock);
  if (auto used = use_format(folder, read_format(path, to)); !used) return used.error();
  return folder;
}

}  // namespace

bool is_network_filesystem(std::uint64_t type) noexcept {
  // statfs(2): AFS, 9P, CEPH, CIFS, CODA, GFS2, LUSTRE, NCP, NFS, OCFS2, SMB, SMB2.
  static constexpr std::array<std::uint32_t, 12> known{
      0x5346414f, 0x01021997, 0x00c36400, 0xff534d42, 0x73757245, 0x01161970,
      0x0bd00bd0, 0x0000564c, 0x00006969, 0x7461636f, 0x0000517b, 0xfe534d42};
  return std::find(known.begin(), known.end(), static_cast<std::uint32_t>(type)) != known.end();
}

result<std::uint64_t> folder_id(const std::string& path) {
  return id_of(path, folder_use::looking);
}

result<data_folder> open_existing_folder(const std::string& path) {
  return open_existing(path, folder_use::looking);
}

result<data_folder> open_folder(const std::string& path) {
  if (::mkdir(path.c_str(), 0755) != 0 && errno != EEXIST) return system_fault("make", path, errno);
  struct stat s {};
  if (::stat(path.c_str(), &s) != 0) return system_fault("open", path, errno);
  if (!S_ISDIR(s.st_mode)) return foreign(path, "it is a file", folder_use::serving);
  if (auto local = require_local(path); !local) return local.error();
  const auto other = is_foreign(path);
  if (!other) return other.error();
  if (*other)
    return foreign(path, "it is not empty and has no file named format", folder_use::serving);
  if (::access((path + "/format").c_str(), F_OK) == 0)
    return open_existing(path, folder_use::serving);
  data_folder folder;
  folder.path = path;
  auto lock = take_lock(path, folder_use::serving);
  if (!lock) return std::move(lock).error();
  folder.lock = std::move(*lock);
  // Another process may have made it between the look and the lock.
  const bool made = ::access((path + "/format").c_str(), F_OK) == 0;
  const auto format = made ? read_format(path, folder_use::serving) : write_format(path);
  if (auto used = use_format(folder, format); !used) return used.error();
  return folder;
}

}  // namespace reprise::persistence::internal
