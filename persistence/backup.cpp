#include "persistence/backup.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

#include "persistence/folder/folder.hpp"
#include "persistence/limits.hpp"
#include "persistence/lmdb/needs.hpp"
#include "persistence/lmdb/tables.hpp"
#include "persistence/lmdb_store.hpp"
#include "persistence/log/log_scan.hpp"
#include "persistence/log/segment_log.hpp"
#include "persistence/memtable/overlay.hpp"

namespace reprise::persistence {

namespace fs = std::filesystem;
using namespace internal;
using namespace std::chrono_literals;

namespace {

// A fold may free the log's segments while they are read; then everything is read again, for up to
// this long. Folds are seconds apart, so a log that cannot be read in this time is damaged.
constexpr std::chrono::seconds longest_look = 10s;
constexpr std::chrono::milliseconds between_looks = 50ms;

// The segment size of a copy for keeping: its log holds at most the beginning of a term.
constexpr std::size_t small_segment = std::size_t{64} << 10;

// What a folder held at one moment: a view of the tables, and the log above it.
struct moment {
  std::optional<tables::reader> in;
  std::optional<overlay> above;
  persistence::term term = 0;
};

result<void> look(tables& on_disk, const std::string& log, std::uint64_t id, moment& at) {
  at.in.reset();
  auto view = on_disk.look();
  if (!view) return std::move(view).error();
  at.in.emplace(std::move(*view));
  at.above.emplace(at.in->folded());
  const auto extent = at.above->load(log, id);
  if (!extent) return extent.error();
  if (auto damaged = damage_of(*extent)) return *std::move(damaged);
  at.above->advance(extent->next - 1);
  at.term = std::max(on_disk.state().term, extent->term);
  return {};
}

result<void> look_until_whole(tables& on_disk, const std::string& log, std::uint64_t id,
                              moment& at) {
  const auto last = std::chrono::steady_clock::now() + longest_look;
  for (;;) {
    auto looked = look(on_disk, log, id, at);
    if (looked || std::chrono::steady_clock::now() > last) return looked;
    std::this_thread::sleep_for(between_looks);
  }
}

// The copy while it is being made. Removed unless it is finished.
class unfinished {
 public:
  static result<std::unique_ptr<unfinished>> begin(const std::string& to) {
    const auto path = to + ".partial";
    auto taken = open_folder(path);
    if (!taken) return std::move(taken).error();
    std::error_code error;
    for (const auto& left_over : {taken->tables(), taken->log()}) fs::remove_all(left_over, error);
    if (error) return system_fault("empty", path, error.value());
    return std::unique_ptr<unfinished>(new unfinished(std::move(*taken)));
  }
  ~unfinished() {
    std::error_code ignored;
    if (!finished_) fs::remove_all(folder_.path, ignored);
  }
  unfinished(const unfinished&) = delete;

  const data_folder& folder() const noexcept { return folder_; }

  result<void> finish(const std::string& to) {
    for (const auto& part : {folder_.tables(), folder_.path})
      if (auto synced = file::sync_folder(part); !synced) return synced;
    if (std::rename(folder_.path.c_str(), to.c_str()) != 0)
      return system_fault("rename to", to, errno);
    finished_ = true;
    return file::sync_folder(fs::absolute(to).parent_path().string());
  }

 private:
  explicit unfinished(data_folder f) : folder_(std::move(f)) {}

  data_folder folder_;
  bool finished_ = false;
};

result<void> require_free(const std::string& to) {
  std::error_code error;
  const auto there = fs::symlink_status(to, error);
  if (!fs::exists(there)) return {};
  if (fs::is_directory(there) && fs::is_empty(to, error) && !error) return {};
  return fault{errc::foreign, to + " is there and not an empty folder; it was left as it is. Name "
                                   "a new one"};
}

// Brings the copied tables from their own position to that of the moment; returns how many keys they have.
result<std::uint64_t> add_log(const std::string& to, moment& at, position last) {
  auto made = tables::open(to, lmdb_options{}.map_bytes, tables::access::read_write);
  if (!made) return std::move(made).error();
  auto folded = (*made)->fold(*at.above->freeze(), at.term, last);
  if (!folded) return std::move(folded).error();
  return (*made)->state().sums.keys();
}

}  // namespace

result<copy_report> copy_folder(
    const std::string& from, const std::string& to, copy_for purpose,
    const std::function<void(std::uint64_t done, std::uint64_t all)>& progress) {
  const auto target = fs::path(to + "/").parent_path().string();  // without a trailing slash
  if (auto free = require_free(target); !free) return free.error();
  const auto id = folder_id(from);
  if (!id) return id.error();
  auto source =
      tables::open(from + "/tables", lmdb_options{}.map_bytes, tables::access::beside_a_writer);
  if (!source) return std::move(source).error();
  moment at;
  if (auto looked = look_until_whole(**source, from + "/log", *id, at); !looked)
    return looked.error();
  // A copy folds the log and counts the keys of each table, so all tables must be known to this program.
  if (auto known = require_known_needs(from, at.above->look(), *at.in); !known)
    return known.error();
  copy_report report;
  report.last = at.above->durable();

  auto copy = unfinished::begin(target);
  if (!copy) return std::move(copy).error();
  const auto& folder = (*copy)->folder();
  const auto all = (*source)->state().sums.keys();
  const auto copied =
      tables::copy(*at.in, folder.tables(), lmdb_options{}.map_bytes, [&](std::uint64_t done) {
        if (progress) progress(done, std::max(done, all));
      });
  if (!copied) return copied.error();
  at.in.reset();  // so that the writer may reuse the pages
  const auto records = add_log(folder.tables(), at, report.last);
  if (!records) return records.error();
  report.records = *records;

  std::error_code error;
  fs::create_directory(folder.log(), error);
  if (error) return system_fault("make", folder.log(), error.value());
  const auto size = purpose == copy_for::serving ? folder.segment_bytes : small_segment;
  const segment_header first{1, report.last + 1, 0};
  if (auto made = segment_log::create({folder.log(), folder.id, size}, 1, first); !made)
    return made.error();
  if (auto finished = (*copy)->finish(target); !finished) return finished.error();
  return report;
}

}  // namespace reprise::persistence
