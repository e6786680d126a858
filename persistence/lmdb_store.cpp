#include "persistence/lmdb_store.hpp"

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <filesystem>
#include <system_error>
#include <utility>

#include "persistence/folder/folder.hpp"
#include "persistence/kill_point.hpp"
#include "persistence/layered/layered_store.hpp"
#include "persistence/limits.hpp"
#include "persistence/lmdb/needs.hpp"
#include "persistence/lmdb/tables.hpp"
#include "persistence/log/log_scan.hpp"
#include "persistence/log/segment_log.hpp"

namespace reprise::persistence {

namespace fs = std::filesystem;
using namespace internal;

namespace {

// Creates the log first and the tables last: a folder without tables was never served, unless its
// log has contents. The log is durable under its name before the tables have theirs.
result<void> make_parts(const data_folder& folder, std::size_t map_bytes) {
  std::error_code error;
  const auto missing = [](const std::string& part, const std::string& there) {
    return fault{errc::corrupt, part + " is missing, but there is " + there +
                                    ". Restore the folder from a backup"};
  };
  if (fs::exists(folder.tables(), error)) {
    if (fs::exists(folder.log(), error)) return {};
    return missing(folder.log(), folder.tables());
  }
  if (fs::exists(folder.log(), error)) {
    const auto extent = scan_log(folder.log(), folder.id, 0, {});
    if (!extent) return extent.error();
    if (extent->frames > 0 || !extent->beyond.empty())
      return missing(folder.tables(), "a log with contents in " + folder.log());
    fs::remove_all(folder.log(), error);
  }
  if (!error) fs::create_directory(folder.log(), error);
  if (error) return system_fault("make", folder.log(), error.value());
  const segment_log::settings settings{folder.log(), folder.id, folder.segment_bytes};
  if (auto made = segment_log::create(settings); !made) return made;
  if (auto synced = file::sync_folder(folder.path); !synced) return synced;
  return tables::create(folder.tables(), map_bytes);
}

// Nothing is written before the whole folder is known to be one that this program may serve.
result<store_parts> recover(data_folder folder, std::size_t map_bytes) {
  store_parts parts;
  parts.lock = std::move(folder.lock);
  auto opened = tables::open(folder.tables(), map_bytes, tables::access::read_write);
  if (!opened) return std::move(opened).error();
  auto& on_disk = **opened;
  parts.tables = std::move(*opened);
  if (auto counted = on_disk.count_keys(limits::keys_counted_at_open); !counted)
    return std::move(counted).error();
  parts.above = std::make_unique<overlay>(on_disk.state().folded);
  const auto extent = parts.above->load(folder.log(), folder.id);
  if (!extent) return extent.error();
  if (auto damaged = damage_of(*extent)) return *std::move(damaged);
  parts.above->advance(extent->next - 1);
  if (auto known = require_known_needs(folder.path, *parts.above, on_disk); !known)
    return known.error();
  pass(kill_point::in_recovery);
  auto log = segment_log::open({folder.log(), folder.id, folder.segment_bytes}, *extent);
  if (!log) return std::move(log).error();
  parts.log = std::move(*log);
  pass(kill_point::after_rewrite);
  parts.term = std::max(on_disk.state().term, extent->term);
  parts.unfolded = extent->unfolded;
  return parts;
}

}  // namespace

result<std::unique_ptr<store>> open_lmdb_store(const lmdb_options& options) {
  auto folder = open_folder(options.folder);
  if (!folder) return std::move(folder).error();
  layered_options how = options;
  if (options.segment_bytes != 0)
    folder->segment_bytes = options.segment_bytes;
  else if (folder->segment_bytes < limits::segment_bytes)  // because the disk is small
    how.log_limit =
        std::min<std::uint64_t>(options.log_limit, unfolded_segments * folder->segment_bytes);
  if (auto made = make_parts(*folder, options.map_bytes); !made) return made.error();
  auto parts = recover(std::move(*folder), options.map_bytes);
  if (!parts) return std::move(parts).error();
  auto opened = layered_store::open(std::move(*parts), std::move(how));
  if (!opened) return std::move(opened).error();
  return std::unique_ptr<store>(std::move(*opened));
}

result<void> fold_now(store& s) {
  auto* on_disk = dynamic_cast<layered_store*>(&s);
  assert(on_disk != nullptr);
  return on_disk->fold();
}

}  // namespace reprise::persistence
